import { testShortForm } from './test-short-form.ts'

testShortForm('woo-magento', 'what WooCommerce and Magento must show holds')
