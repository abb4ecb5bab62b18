/** The texts of our queries. Every list that can be longer than its page is completed with `pageOf`. */
export type Query = {
  /** Names it in metrics, and in what is remembered of its cost. */
  readonly name: string
  readonly text: string
}

const page = (selection: string): string => `nodes { ${selection} } pageInfo { hasNextPage endCursor }`
const bag = 'shopMoney { amount currencyCode } presentmentMoney { amount currencyCode }'
const shop = 'shopMoney { amount currencyCode }'
const allocations = `discountAllocations {
  allocatedAmountSet { ${shop} }
  discountApplication { ... on DiscountCodeApplication { code } }
}`
const taxes = `title rate priceSet { ${shop} }`
const address = `firstName lastName company address1 address2 city zip province provinceCode country countryCodeV2 phone`

const line = `
  id product { id } variant { id } sku title variantTitle vendor
  quantity currentQuantity unfulfilledQuantity isGiftCard requiresShipping
  originalUnitPriceSet { ${bag} } totalDiscountSet { ${shop} }
  ${allocations}
  taxLines { ${taxes} }
  customAttributes { key value }`
const shippingLine = `
  id title code originalPriceSet { ${shop} } discountedPriceSet { ${shop} }
  ${allocations}`
const discount = `targetType value { __typename } ... on DiscountCodeApplication { code }`
const refundLine = `lineItem { id } quantity restockType subtotalSet { ${shop} } totalTaxSet { ${shop} }`
const transaction = `id kind status gateway amountSet { ${shop} }`
const adjustment = `id reason amountSet { ${shop} } taxAmountSet { ${shop} }`
const refundShipping = `id subtotalAmountSet { ${shop} } taxAmountSet { ${shop} }`
const fulfilledLine = 'lineItem { id } quantity'
const variant = `
  id title sku barcode price compareAtPrice position inventoryQuantity taxable updatedAt
  selectedOptions { name value } inventoryItem { id } image { id }`
const image = 'id url altText'
const metafield = 'namespace key value'
const customerAddress = `id ${address}`

/** Which lists an object of ours has, what is asked of their elements, and with what arguments beside the page. */
export const connections = {
  Order: {
    lineItems: { selection: line },
    shippingLines: { selection: shippingLine },
    discountApplications: { selection: discount },
  },
  Refund: {
    refundLineItems: { selection: refundLine },
    transactions: { selection: transaction },
    orderAdjustments: { selection: adjustment },
    refundShippingLines: { selection: refundShipping },
  },
  Fulfillment: { fulfillmentLineItems: { selection: fulfilledLine } },
  Product: {
    variants: { selection: variant },
    images: { selection: image },
    metafields: { selection: metafield, more: 'namespace: "varai", ' },
  },
  Customer: { addressesV2: { selection: customerAddress } },
} as const satisfies Record<string, Record<string, { selection: string; more?: string }>>

/** Objects whose lists we complete. */
export type Owner = keyof typeof connections

/** Most refunds and most fulfilments of an order: Shopify gives these two lists whole or cut off, never in pages. */
export const mostParts = 100

/** The order with the first of its lines; of refunds and fulfilments the ids. */
export const orderQuery: Query = {
  name: 'Order',
  text: `query Order($id: ID!, $first: Int!) {
    order(id: $id) {
      id name number createdAt processedAt updatedAt closedAt cancelledAt cancelReason
      displayFinancialStatus displayFulfillmentStatus currencyCode presentmentCurrencyCode taxesIncluded
      test sourceName customerLocale note tags email phone
      customAttributes { key value }
      customer { id }
      billingAddress { ${address} }
      shippingAddress { ${address} }
      totalPriceSet { ${bag} } currentTotalPriceSet { ${shop} } subtotalPriceSet { ${shop} }
      totalTaxSet { ${shop} } totalDiscountsSet { ${shop} } totalShippingPriceSet { ${shop} }
      taxLines { ${taxes} }
      discountApplications(first: 5) { ${page(discount)} }
      shippingLines(first: 3) { ${page(shippingLine)} }
      lineItems(first: $first) { ${page(line)} }
      refunds(first: ${mostParts}) { id }
      fulfillments(first: ${mostParts}) { id }
    }
  }`,
}

/**
 * Refunds and fulfilments by their ids, with the first of their parts. `createdAt` has another name in one of them: it may
 * be null in the other, and GraphQL lets two types under one name pass in no query.
 */
export const orderPartsQuery: Query = {
  name: 'OrderParts',
  text: `query OrderParts($ids: [ID!]!, $first: Int!) {
    nodes(ids: $ids) {
      ... on Refund {
        id createdAt note
        refundLineItems(first: $first) { ${page(refundLine)} }
        transactions(first: $first) { ${page(transaction)} }
        orderAdjustments(first: $first) { ${page(adjustment)} }
        refundShippingLines(first: $first) { ${page(refundShipping)} }
      }
      ... on Fulfillment {
        id status sentAt: createdAt updatedAt
        trackingInfo(first: 50) { company number url }
        events(first: 1, reverse: true) { nodes { status } }
        fulfillmentLineItems(first: $first) { ${page(fulfilledLine)} }
      }
    }
  }`,
}

/** Products in the order of `sortKey` (`ID` or `UPDATED_AT`), with the first of their variants. */
export const productsQuery: Query = {
  name: 'Products',
  text: `query Products($first: Int!, $after: String, $query: String, $sortKey: ProductSortKeys!) {
    products(first: $first, after: $after, query: $query, sortKey: $sortKey) {
      nodes {
        id title descriptionHtml handle vendor productType status tags createdAt publishedAt updatedAt
        options { name values }
        variants(first: 10) { ${page(variant)} }
        images(first: 10) { ${page(image)} }
        metafields(first: 15, namespace: "varai") { ${page(metafield)} }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,
}

/** Which orders changed; each is then read by itself. */
export const changedOrdersQuery: Query = {
  name: 'ChangedOrders',
  text: `query ChangedOrders($first: Int!, $after: String, $query: String) {
    orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { ${page('id updatedAt')} }
  }`,
}

/** Customers in the order of their changes, with the first of their addresses. */
export const changedCustomersQuery: Query = {
  name: 'ChangedCustomers',
  text: `query ChangedCustomers($first: Int!, $after: String, $query: String) {
    customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes {
        id firstName lastName createdAt updatedAt locale note tags state verifiedEmail taxExempt
        amountSpent { currencyCode }
        defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
        defaultPhoneNumber { phoneNumber marketingState marketingOptInLevel marketingUpdatedAt }
        defaultAddress { id }
        addressesV2(first: 5) { ${page(customerAddress)} }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,
}

/** Where the shop keeps goods. */
export const locationsQuery: Query = {
  name: 'Locations',
  text: `query Locations($first: Int!, $after: String) {
    locations(first: $first, after: $after, includeInactive: true) { ${page('id')} }
  }`,
}

/** What one location can sell, of the items whose level changed. They come in no order. */
export const changedLevelsQuery: Query = {
  name: 'ChangedLevels',
  text: `query ChangedLevels($id: ID!, $first: Int!, $after: String, $query: String!) {
    node(id: $id) {
      ... on Location {
        inventoryLevels(first: $first, after: $after, query: $query) {
          ${page('updatedAt item { id tracked } quantities(names: ["available"]) { quantity }')}
        }
      }
    }
  }`,
}

/** Which of some objects the store still has. */
export const shownQuery: Query = { name: 'Shown', text: 'query Shown($ids: [ID!]!) { nodes(ids: $ids) { id } }' }

/** When an object last changed: whether several answers told of one and the same. */
export const updatedAtQuery: Query = {
  name: 'UpdatedAt',
  text: `query UpdatedAt($id: ID!) {
    node(id: $id) { ... on Order { updatedAt } ... on Product { updatedAt } ... on Customer { updatedAt } }
  }`,
}

/** A further page of one list of one object, under `page`. */
export function pageOf(owner: Owner, field: string): Query | undefined {
  const lists: Readonly<Record<string, { selection: string; more?: string }>> = connections[owner]
  const list = lists[field]
  if (list === undefined) return undefined
  return {
    name: `${owner}.${field}`,
    text: `query Page($id: ID!, $first: Int!, $after: String!) {
      node(id: $id) {
        ... on ${owner} { page: ${field}(${list.more ?? ''}first: $first, after: $after) { ${page(list.selection)} } }
      }
    }`,
  }
}
