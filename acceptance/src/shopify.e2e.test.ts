import { testShortForm } from './test-short-form.ts'

testShortForm('shopify', 'what Shopify complete must show holds')
