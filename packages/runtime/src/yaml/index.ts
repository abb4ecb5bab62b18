export { type FileRemark, readYaml } from './read-yaml.ts'
export { listOf, mapping, suggestion, value } from './words.ts'
