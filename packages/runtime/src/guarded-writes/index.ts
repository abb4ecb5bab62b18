export { pause } from './pause.ts'
export { writeGuarded } from './write-guarded.ts'
