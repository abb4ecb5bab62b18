import { conformance } from '../index.ts'
import { brillo, wholeDoor } from './test-brillo.ts'

conformance(brillo('main.ts', [wholeDoor]))
