// The yardstick in Node: the package `ws` as its readers use it. node node_ws.cjs PORT, with NODE_PATH to the package.
"use strict";
const { WebSocketServer, WebSocket } = require("ws");

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false, backlog: 4096 });
const greeting = "x".repeat(2000);

server.on("listening", () => process.stderr.write("ready\n"));
server.on("connection", (tablet) => {
  tablet.send(greeting);
  tablet.on("message", (text) => {
    for (const each of server.clients) {
      if (each.readyState === WebSocket.OPEN) each.send(text, { binary: false });
    }
  });
});
