import { testShortForm } from './test-short-form.ts'

testShortForm('edge', 'what the edge must show holds')
