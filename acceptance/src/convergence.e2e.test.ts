import { testShortForm } from './test-short-form.ts'

testShortForm('convergence', 'what convergence must show holds')
