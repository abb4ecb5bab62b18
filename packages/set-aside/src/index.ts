export { createReadSetAside } from './read-set-aside.ts'
