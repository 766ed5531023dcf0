// What the reader needs to know of something that can be read, wherever it was named.

/** A document as the room's state or a page names it: {id, sha, pages, prepared, state, title, version_id}. */
export function sourceOf(document) {
  const { id, sha, pages, prepared, state } = document;
  const prepared_at = `/prepared/${id}/${sha}`;
  return {
    ...document,
    key: `document/${id}`,
    ready: state === "ready" || prepared === undefined ? pages : prepared,
    address: (page, width) => `/pages/${id}/${sha}/${page}/${width}.jpg`,
    text: (page) => `${prepared_at}/text-${page}.json`,
    outline: `${prepared_at}/outline.json`,
  };
}

/** A paper of ours (invitation, minutes): images only, at addresses with its hash behind. */
export function sourceOfPaper({ key, before, after, pages, title }) {
  return {
    key,
    sha: after,
    title,
    pages,
    ready: pages,
    address: (page, width) => `${before}/${page}/${width}.jpg${after}`,
    text: null,
    outline: null,
    thumbnails: false,
  };
}
