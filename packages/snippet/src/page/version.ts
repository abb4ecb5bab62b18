/** Put in by the build. */
declare const snippetVersion: string

export const version = snippetVersion
