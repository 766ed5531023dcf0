"""The commands of the live room by name, a file for each noun: `services.command` performs them."""
