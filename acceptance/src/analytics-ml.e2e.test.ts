import { testShortForm } from './test-short-form.ts'

testShortForm('analytics-ml', 'what analytics and training data must show holds')
