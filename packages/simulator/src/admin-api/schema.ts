import { buildSchema } from 'graphql'

/** The part of Shopify's Admin schema that connectors for orders and products ask for, in Shopify's names. */
export const adminSchema = buildSchema(/* GraphQL */ `
  scalar DateTime
  scalar Decimal
  scalar HTML
  scalar Money
  scalar URL

  type Query {
    order(id: ID!): Order
    orders(first: Int, after: String, sortKey: OrderSortKeys = PROCESSED_AT, query: String): OrderConnection!
    products(first: Int, after: String, sortKey: ProductSortKeys = ID, query: String): ProductConnection!
    customers(first: Int, after: String, sortKey: CustomerSortKeys = ID, query: String): CustomerConnection!
    locations(first: Int, after: String, includeInactive: Boolean = false): LocationConnection!
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
  }
  enum OrderSortKeys { PROCESSED_AT  UPDATED_AT }
  enum ProductSortKeys { ID  UPDATED_AT }
  enum CustomerSortKeys { ID  UPDATED_AT }
  interface Node { id: ID! }
  type PageInfo { hasNextPage: Boolean!  endCursor: String }
  type MoneyV2 { amount: Decimal!  currencyCode: String! }
  type MoneyBag { shopMoney: MoneyV2!  presentmentMoney: MoneyV2! }
  type Attribute { key: String!  value: String }

  type Order implements Node {
    id: ID!
    name: String!
    number: Int!
    createdAt: DateTime!
    processedAt: DateTime!
    updatedAt: DateTime!
    closedAt: DateTime
    cancelledAt: DateTime
    cancelReason: String
    displayFinancialStatus: String
    displayFulfillmentStatus: String!
    currencyCode: String!
    presentmentCurrencyCode: String!
    taxesIncluded: Boolean!
    test: Boolean!
    sourceName: String
    customerLocale: String
    note: String
    tags: [String!]!
    email: String
    phone: String
    customAttributes: [Attribute!]!
    customer: Customer
    billingAddress: MailingAddress
    shippingAddress: MailingAddress
    totalPriceSet: MoneyBag!
    currentTotalPriceSet: MoneyBag!
    subtotalPriceSet: MoneyBag
    totalTaxSet: MoneyBag
    totalDiscountsSet: MoneyBag
    totalShippingPriceSet: MoneyBag!
    taxLines: [TaxLine!]!
    discountApplications(first: Int, after: String): DiscountApplicationConnection!
    shippingLines(first: Int, after: String): ShippingLineConnection!
    lineItems(first: Int, after: String): LineItemConnection!
    refunds(first: Int): [Refund!]!
    fulfillments(first: Int): [Fulfillment!]!
  }
  type OrderConnection { nodes: [Order!]!  pageInfo: PageInfo! }
  type Customer implements Node {
    id: ID!
    firstName: String
    lastName: String
    createdAt: DateTime!
    updatedAt: DateTime!
    locale: String!
    note: String
    tags: [String!]!
    state: String!
    verifiedEmail: Boolean!
    taxExempt: Boolean!
    amountSpent: MoneyV2!
    defaultEmailAddress: CustomerEmailAddress
    defaultPhoneNumber: CustomerPhoneNumber
    defaultAddress: MailingAddress
    addressesV2(first: Int, after: String): MailingAddressConnection!
  }
  type CustomerConnection { nodes: [Customer!]!  pageInfo: PageInfo! }
  type CustomerEmailAddress {
    emailAddress: String!
    marketingState: String!
    marketingOptInLevel: String
    marketingUpdatedAt: DateTime
  }
  type CustomerPhoneNumber {
    phoneNumber: String!
    marketingState: String!
    marketingOptInLevel: String
    marketingUpdatedAt: DateTime
  }
  type MailingAddressConnection { nodes: [MailingAddress!]!  pageInfo: PageInfo! }
  type MailingAddress implements Node {
    id: ID!
    firstName: String
    lastName: String
    company: String
    address1: String
    address2: String
    city: String
    zip: String
    province: String
    provinceCode: String
    country: String
    countryCodeV2: String
    phone: String
  }
  type TaxLine { title: String!  rate: Float  priceSet: MoneyBag! }

  interface DiscountApplication { targetType: String!  value: PricingValue! }
  type DiscountCodeApplication implements DiscountApplication {
    code: String!
    targetType: String!
    value: PricingValue!
  }
  union PricingValue = MoneyV2 | PricingPercentageValue
  type PricingPercentageValue { percentage: Float! }
  type DiscountApplicationConnection { nodes: [DiscountApplication!]!  pageInfo: PageInfo! }
  type DiscountAllocation { allocatedAmountSet: MoneyBag!  discountApplication: DiscountApplication! }

  type ShippingLine {
    id: ID
    title: String!
    code: String
    originalPriceSet: MoneyBag!
    discountedPriceSet: MoneyBag!
    discountAllocations: [DiscountAllocation!]!
  }
  type ShippingLineConnection { nodes: [ShippingLine!]!  pageInfo: PageInfo! }

  type LineItem implements Node {
    id: ID!
    product: Product
    variant: ProductVariant
    sku: String
    title: String!
    variantTitle: String
    vendor: String
    quantity: Int!
    currentQuantity: Int!
    unfulfilledQuantity: Int!
    originalUnitPriceSet: MoneyBag!
    totalDiscountSet: MoneyBag!
    discountAllocations: [DiscountAllocation!]!
    taxLines(first: Int): [TaxLine!]!
    isGiftCard: Boolean!
    requiresShipping: Boolean!
    customAttributes: [Attribute!]!
  }
  type LineItemConnection { nodes: [LineItem!]!  pageInfo: PageInfo! }

  type Refund implements Node {
    id: ID!
    createdAt: DateTime
    note: String
    refundLineItems(first: Int, after: String): RefundLineItemConnection!
    transactions(first: Int, after: String): OrderTransactionConnection!
    orderAdjustments(first: Int, after: String): OrderAdjustmentConnection!
    refundShippingLines(first: Int, after: String): RefundShippingLineConnection!
  }
  type RefundLineItem {
    lineItem: LineItem!
    quantity: Int!
    subtotalSet: MoneyBag!
    totalTaxSet: MoneyBag!
    restockType: String!
  }
  type RefundLineItemConnection { nodes: [RefundLineItem!]!  pageInfo: PageInfo! }
  type OrderTransaction implements Node {
    id: ID!
    kind: String!
    status: String!
    gateway: String
    amountSet: MoneyBag!
  }
  type OrderTransactionConnection { nodes: [OrderTransaction!]!  pageInfo: PageInfo! }
  type OrderAdjustment implements Node { id: ID!  amountSet: MoneyBag!  taxAmountSet: MoneyBag!  reason: String }
  type OrderAdjustmentConnection { nodes: [OrderAdjustment!]!  pageInfo: PageInfo! }
  type RefundShippingLine implements Node { id: ID!  subtotalAmountSet: MoneyBag!  taxAmountSet: MoneyBag! }
  type RefundShippingLineConnection { nodes: [RefundShippingLine!]!  pageInfo: PageInfo! }

  type Fulfillment implements Node {
    id: ID!
    status: String!
    createdAt: DateTime!
    updatedAt: DateTime!
    trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
    events(first: Int, reverse: Boolean = false): FulfillmentEventConnection!
    fulfillmentLineItems(first: Int, after: String): FulfillmentLineItemConnection!
  }
  type FulfillmentTrackingInfo { company: String  number: String  url: URL }
  type FulfillmentEvent { status: String! }
  type FulfillmentEventConnection { nodes: [FulfillmentEvent!]!  pageInfo: PageInfo! }
  type FulfillmentLineItem { lineItem: LineItem!  quantity: Int }
  type FulfillmentLineItemConnection { nodes: [FulfillmentLineItem!]!  pageInfo: PageInfo! }

  type Product implements Node {
    id: ID!
    title: String!
    descriptionHtml: HTML!
    handle: String!
    vendor: String!
    productType: String!
    status: String!
    tags: [String!]!
    createdAt: DateTime!
    publishedAt: DateTime
    updatedAt: DateTime!
    options: [ProductOption!]!
    variants(first: Int, after: String): ProductVariantConnection!
    images(first: Int, after: String): ImageConnection!
    metafields(namespace: String, first: Int, after: String): MetafieldConnection!
  }
  type ProductConnection { nodes: [Product!]!  pageInfo: PageInfo! }
  type ProductOption { name: String!  values: [String!]! }
  type ProductVariant implements Node {
    id: ID!
    title: String!
    sku: String
    barcode: String
    price: Money!
    compareAtPrice: Money
    position: Int!
    selectedOptions: [SelectedOption!]!
    inventoryItem: InventoryItem!
    inventoryQuantity: Int
    taxable: Boolean!
    updatedAt: DateTime!
    image: Image
  }
  type ProductVariantConnection { nodes: [ProductVariant!]!  pageInfo: PageInfo! }
  type SelectedOption { name: String!  value: String! }
  type InventoryItem implements Node { id: ID!  tracked: Boolean! }
  type Location implements Node {
    id: ID!
    inventoryLevels(first: Int, after: String, query: String): InventoryLevelConnection!
  }
  type LocationConnection { nodes: [Location!]!  pageInfo: PageInfo! }
  type InventoryLevel {
    updatedAt: DateTime!
    item: InventoryItem!
    quantities(names: [String!]!): [InventoryQuantity!]!
  }
  type InventoryLevelConnection { nodes: [InventoryLevel!]!  pageInfo: PageInfo! }
  type InventoryQuantity { name: String!  quantity: Int! }
  type Image { id: ID  url: URL!  altText: String }
  type ImageConnection { nodes: [Image!]!  pageInfo: PageInfo! }
  type Metafield implements Node { id: ID!  namespace: String!  key: String!  value: String! }
  type MetafieldConnection { nodes: [Metafield!]!  pageInfo: PageInfo! }
`)
