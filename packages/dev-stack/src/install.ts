/** How this machine gets programs that no package registry of Node has: for whoever measures or tests against them. */
export { findBrowser } from './install/browser.ts'
export { cached, findCacheDir } from './install/cache.ts'
export { type Coordinates, downloadWithDependencies } from './install/maven.ts'
export { ensureTools, javaCommand } from './install/tools.ts'
export { mongodVersion } from './native/mongo.ts'
export { buildSecantusRust, secantusRustNeeds } from './native/secantus-rust.ts'
export { formatProgress, type Report } from './progress.ts'
