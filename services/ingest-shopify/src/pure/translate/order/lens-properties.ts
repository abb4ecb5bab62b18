import { type LensProperties, lensProperties, type Reader } from '@varai/ingest/pure'
import { readNamedValues } from './named-values.ts'

/** What a line's properties say about lenses, and the rest of them. */
export const readLensProperties = (line: Reader): LensProperties => lensProperties(readNamedValues(line, 'properties'))
