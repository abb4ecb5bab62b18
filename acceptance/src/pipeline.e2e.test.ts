import { testShortForm } from './test-short-form.ts'

testShortForm('pipeline', 'what the pipeline must show holds')
