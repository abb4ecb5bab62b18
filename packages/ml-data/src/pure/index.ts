export { type Cohort, formCohorts, type Waiting } from './cohorts.ts'
export { type Column, columnsOf, contents, type Data, type DataType, dataTypes, type Value } from './columns.ts'
export { type Split, splitOf, splits } from './split.ts'
export { periodOf, weekOf } from './week.ts'
