// Generated from contract/*.avsc by scripts/generate.ts; do not edit.

/**
 * Position of this statement among the parts of one payload that was split.
 */
export interface Part {
    /**
     * Zero-based.
     */
    index: number;
    /**
     * How many parts there are.
     */
    count: number;
}
/**
 * A postal address. It changes as a whole: its lines never mix with another store's.
 */
export interface Address {
    /**
     * The platform's id of a stored address.
     *
     * Default: null
     */
    id: null | string;
    /**
     * Given name.
     *
     * Default: null
     */
    firstName: null | string;
    /**
     * Family name.
     *
     * Default: null
     */
    lastName: null | string;
    /**
     * Company.
     *
     * Default: null
     */
    company: null | string;
    /**
     * Street and number.
     *
     * Default: null
     */
    address1: null | string;
    /**
     * Second line.
     *
     * Default: null
     */
    address2: null | string;
    /**
     * City.
     *
     * Default: null
     */
    city: null | string;
    /**
     * Postal code.
     *
     * Default: null
     */
    zip: null | string;
    /**
     * State or province, by name.
     *
     * Default: null
     */
    province: null | string;
    /**
     * State or province, by code.
     *
     * Default: null
     */
    provinceCode: null | string;
    /**
     * Country, by name.
     *
     * Default: null
     */
    country: null | string;
    /**
     * ISO 3166-1 alpha-2.
     *
     * Default: null
     */
    countryCode: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    phone: null | string;
    /**
     * Whether this is the customer's default address.
     *
     * Default: null
     */
    isDefault: null | boolean;
}
/**
 * A name and a value that a shop attached freely.
 */
export interface Property {
    /**
     * As the shop named it.
     */
    name: string;
    /**
     * As stated; may hold anything, so it counts as personal.
     */
    value: string;
}
/**
 * One line of an order as first sold or since edited.
 */
export interface OrderLine {
    /**
     * The platform's line id.
     *
     * Default: null
     */
    id: null | string;
    /**
     * Null for custom items and deleted products.
     *
     * Default: null
     */
    productId: null | string;
    /**
     * Null for custom items and deleted variants.
     *
     * Default: null
     */
    variantId: null | string;
    /**
     * Stock keeping unit as stated.
     *
     * Default: null
     */
    sku: null | string;
    /**
     * Title when it was sold.
     *
     * Default: null
     */
    title: null | string;
    /**
     * Variant title when it was sold.
     *
     * Default: null
     */
    variantTitle: null | string;
    /**
     * Vendor when it was sold.
     *
     * Default: null
     */
    vendor: null | string;
    /**
     * Units ordered.
     *
     * Default: null
     */
    quantity: null | number;
    /**
     * Units left after edits and refunds.
     *
     * Default: null
     */
    currentQuantity: null | number;
    /**
     * Unit price before discounts, in the order's currency.
     *
     * Default: null
     */
    price: null | string;
    /**
     * Unit price in the currency the buyer saw.
     *
     * Default: null
     */
    presentmentPrice: null | string;
    /**
     * Discount on the whole line.
     *
     * Default: null
     */
    totalDiscount: null | string;
    /**
     * Tax on the whole line.
     *
     * Default: null
     */
    totalTax: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    fulfillmentStatus: null | string;
    /**
     * Whether the line is a gift card.
     *
     * Default: null
     */
    giftCard: null | boolean;
    /**
     * Whether the line must be shipped.
     *
     * Default: null
     */
    requiresShipping: null | boolean;
    /**
     * Free properties of the line.
     *
     * Default: []
     */
    properties: Property[];
    /**
     * Eyewear: lens type, from the line's properties.
     *
     * Default: null
     */
    lensType: null | string;
    /**
     * Eyewear: lens coating, from the line's properties.
     *
     * Default: null
     */
    lensCoating: null | string;
    /**
     * Eyewear: the prescription as JSON text. Health data: personal, never used for training.
     *
     * Default: null
     */
    prescription: null | string;
}
/**
 * Units of one line given back.
 */
export interface RefundLine {
    /**
     * The order line.
     *
     * Default: null
     */
    lineId: null | string;
    /**
     * Units.
     *
     * Default: null
     */
    quantity: null | number;
    /**
     * Without tax.
     *
     * Default: null
     */
    subtotal: null | string;
    /**
     * Tax.
     *
     * Default: null
     */
    totalTax: null | string;
    /**
     * What happened to the goods.
     *
     * Default: null
     */
    restockType: null | string;
}
/**
 * One movement of money.
 */
export interface Transaction {
    /**
     * The platform's id.
     *
     * Default: null
     */
    id: null | string;
    /**
     * refund, void, …
     *
     * Default: null
     */
    kind: null | string;
    /**
     * success, failure, pending, …
     *
     * Default: null
     */
    status: null | string;
    /**
     * Payment provider.
     *
     * Default: null
     */
    gateway: null | string;
    /**
     * Positive.
     *
     * Default: null
     */
    amount: null | string;
    /**
     * ISO 4217.
     *
     * Default: null
     */
    currency: null | string;
}
/**
 * A difference without a line, such as shipping.
 */
export interface Adjustment {
    /**
     * The platform's id.
     *
     * Default: null
     */
    id: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    kind: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    reason: null | string;
    /**
     * As stated, signed.
     *
     * Default: null
     */
    amount: null | string;
    /**
     * As stated, signed.
     *
     * Default: null
     */
    totalTax: null | string;
}
/**
 * Money or goods given back.
 */
export interface Refund {
    /**
     * The platform's refund id.
     */
    id: string;
    /**
     * When it was made.
     *
     * Default: null
     */
    createdAt: null | number;
    /**
     * Reason in words.
     *
     * Default: null
     */
    note: null | string;
    /**
     * Sum of the refund's successful transactions, positive, in the order's currency.
     *
     * Default: null
     */
    total: null | string;
    /**
     * May be empty: money can be given back without goods.
     *
     * Default: []
     */
    lines: RefundLine[];
    /**
     * Movements of money.
     *
     * Default: []
     */
    transactions: Transaction[];
    /**
     * Order-level differences.
     *
     * Default: []
     */
    adjustments: Adjustment[];
}
/**
 * Units of one line sent.
 */
export interface FulfilledLine {
    /**
     * The order line.
     *
     * Default: null
     */
    lineId: null | string;
    /**
     * Units.
     *
     * Default: null
     */
    quantity: null | number;
}
/**
 * Goods sent.
 */
export interface Fulfilment {
    /**
     * The platform's fulfilment id.
     */
    id: string;
    /**
     * As stated.
     *
     * Default: null
     */
    status: null | string;
    /**
     * When it was made.
     *
     * Default: null
     */
    createdAt: null | number;
    /**
     * When it last changed.
     *
     * Default: null
     */
    updatedAt: null | number;
    /**
     * The carrier's state.
     *
     * Default: null
     */
    shipmentStatus: null | string;
    /**
     * Carrier.
     *
     * Default: null
     */
    trackingCompany: null | string;
    /**
     * Tracking numbers.
     *
     * Default: []
     */
    trackingNumbers: string[];
    /**
     * Tracking pages.
     *
     * Default: []
     */
    trackingUrls: string[];
    /**
     * What was sent.
     *
     * Default: []
     */
    lines: FulfilledLine[];
}
/**
 * A code the buyer used.
 */
export interface DiscountCode {
    /**
     * As typed.
     */
    code: string;
    /**
     * percentage, fixed_amount, shipping, …
     *
     * Default: null
     */
    kind: null | string;
    /**
     * What it took off.
     *
     * Default: null
     */
    amount: null | string;
}
/**
 * One tax.
 */
export interface TaxLine {
    /**
     * Its name.
     *
     * Default: null
     */
    title: null | string;
    /**
     * As a fraction, 0.19 for 19 %.
     *
     * Default: null
     */
    rate: null | string;
    /**
     * Its sum.
     *
     * Default: null
     */
    amount: null | string;
}
/**
 * One way of sending.
 */
export interface ShippingLine {
    /**
     * The platform's id.
     *
     * Default: null
     */
    id: null | string;
    /**
     * Its name.
     *
     * Default: null
     */
    title: null | string;
    /**
     * Its code.
     *
     * Default: null
     */
    code: null | string;
    /**
     * Before discounts.
     *
     * Default: null
     */
    price: null | string;
    /**
     * After discounts.
     *
     * Default: null
     */
    discountedPrice: null | string;
}
/**
 * Which keyed lists are whole: an element absent from a whole list is gone.
 */
export interface OrderComplete {
    /**
     * All refunds are listed.
     *
     * Default: false
     */
    refunds: boolean;
    /**
     * All fulfilments are listed.
     *
     * Default: false
     */
    fulfilments: boolean;
}
/**
 * A store told us about one of its orders: the whole of it, or only what the event concerns. Folds into the order.
 */
export interface OrderStated {
    /**
     * Stable across redelivery: platform|store|delivery id|index, or the cause's id and what was derived from it.
     */
    eventId: string;
    /**
     * What happened, one of the event table's names. A closed set checked in code, never an Avro enum.
     */
    eventName: string;
    /**
     * create, update, delete or ai_interaction.
     */
    eventType: string;
    /**
     * order, customer, product, inventory, ai_session, consent, store, analytics or privacy.
     */
    entityType: string;
    /**
     * The store's own id of the record that this statement folds into, lossless.
     */
    entityId: string;
    /**
     * The platform that speaks: shopify, woocommerce, magento, html or varai.
     */
    source: string;
    /**
     * Owner of the store. Stores of one merchant share customers; two merchants never do.
     */
    merchantId: string;
    /**
     * The store in its platform's own terms, e.g. the myshopify domain.
     */
    storeId: string;
    /**
     * The platform's customer id of the person concerned, where the statement names one.
     *
     * Default: null
     */
    userId: null | string;
    /**
     * AI session this statement belongs to.
     *
     * Default: null
     */
    sessionId: null | string;
    /**
     * Processing region; NA unless known.
     *
     * Default: "NA"
     */
    region: string;
    /**
     * Lane: high, medium or low.
     */
    priority: string;
    /**
     * basic, enhanced or research, where the statement carries one.
     *
     * Default: null
     */
    consentLevel: null | string;
    /**
     * Keyed hash that names the data subject whose key seals the personal fields.
     *
     * Default: null
     */
    subjectRef: null | string;
    /**
     * The store's own time of this statement; orders the statements of one record.
     */
    platformAt: number;
    /**
     * platformAt, but never more than two minutes after receipt; serves only comparisons across stores.
     */
    at: number;
    /**
     * When the platform triggered the delivery, or answered our fetch; settles ties of platformAt.
     *
     * Default: null
     */
    triggeredAt: null | number;
    /**
     * When this system received it.
     */
    ingestedAt: number;
    /**
     * webhook, poll, backfill, replay or api.
     */
    origin: string;
    /**
     * The platform's id of the delivery.
     *
     * Default: null
     */
    deliveryId: null | string;
    /**
     * W3C trace context of the delivery.
     *
     * Default: null
     */
    traceparent: null | string;
    /**
     * Where the original payload lies when it was too large for the topic.
     *
     * Default: null
     */
    payloadRef: null | string;
    /**
     * Set when one payload was split into several statements.
     *
     * Default: null
     */
    part: null | Part;
    /**
     * Names of fields that the store says are empty now. A field that is null and not named here is not stated.
     *
     * Default: []
     */
    cleared: string[];
    /**
     * What people call the order, e.g. #1001.
     *
     * Default: null
     */
    name: null | string;
    /**
     * Its number in the shop.
     *
     * Default: null
     */
    number: null | string;
    /**
     * When it was made.
     *
     * Default: null
     */
    createdAt: null | number;
    /**
     * When it counts as placed.
     *
     * Default: null
     */
    processedAt: null | number;
    /**
     * When it was archived.
     *
     * Default: null
     */
    closedAt: null | number;
    /**
     * When it was cancelled.
     *
     * Default: null
     */
    cancelledAt: null | number;
    /**
     * As stated.
     *
     * Default: null
     */
    cancelReason: null | string;
    /**
     * When it was paid in full.
     *
     * Default: null
     */
    paidAt: null | number;
    /**
     * When it was completed.
     *
     * Default: null
     */
    completedAt: null | number;
    /**
     * Financial status, lower case, as the platform names it.
     *
     * Default: null
     */
    status: null | string;
    /**
     * As the platform names it.
     *
     * Default: null
     */
    fulfillmentStatus: null | string;
    /**
     * ISO 4217 of the shop's amounts.
     *
     * Default: null
     */
    currency: null | string;
    /**
     * ISO 4217 of what the buyer paid in.
     *
     * Default: null
     */
    presentmentCurrency: null | string;
    /**
     * The platform's total price, in currency.
     *
     * Default: null
     */
    total: null | string;
    /**
     * Total in presentmentCurrency.
     *
     * Default: null
     */
    presentmentTotal: null | string;
    /**
     * Total after edits and refunds, in currency.
     *
     * Default: null
     */
    netTotal: null | string;
    /**
     * Lines after discounts, before tax and shipping.
     *
     * Default: null
     */
    subtotal: null | string;
    /**
     * All tax.
     *
     * Default: null
     */
    totalTax: null | string;
    /**
     * All discounts.
     *
     * Default: null
     */
    totalDiscounts: null | string;
    /**
     * All shipping.
     *
     * Default: null
     */
    totalShipping: null | string;
    /**
     * Whether prices contain tax.
     *
     * Default: null
     */
    taxesIncluded: null | boolean;
    /**
     * The store's customer id; not stated for guests.
     *
     * Default: null
     */
    customerId: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    email: null | string;
    /**
     * As stated.
     *
     * Default: null
     */
    phone: null | string;
    /**
     * Where the bill goes.
     *
     * Default: null
     */
    billingAddress: null | Address;
    /**
     * Where the goods go.
     *
     * Default: null
     */
    shippingAddress: null | Address;
    /**
     * The buyer's note.
     *
     * Default: null
     */
    note: null | string;
    /**
     * As stated, sorted by the shop.
     *
     * Default: null
     */
    tags: null | string[];
    /**
     * Channel: web, pos, …
     *
     * Default: null
     */
    sourceName: null | string;
    /**
     * Whether the platform marks it as a test.
     *
     * Default: null
     */
    test: null | boolean;
    /**
     * The buyer's language.
     *
     * Default: null
     */
    locale: null | string;
    /**
     * The lines, all of them.
     *
     * Default: null
     */
    items: null | OrderLine[];
    /**
     * Refunds, keyed by id; see complete.
     *
     * Default: null
     */
    refunds: null | Refund[];
    /**
     * Fulfilments, keyed by id; see complete.
     *
     * Default: null
     */
    fulfilments: null | Fulfilment[];
    /**
     * Discount codes.
     *
     * Default: null
     */
    discountCodes: null | DiscountCode[];
    /**
     * Taxes.
     *
     * Default: null
     */
    taxLines: null | TaxLine[];
    /**
     * Ways of sending.
     *
     * Default: null
     */
    shippingLines: null | ShippingLine[];
    /**
     * AI session that led to this order, carried by the cart.
     *
     * Default: null
     */
    aiSessionId: null | string;
    /**
     * Recommendations carried by the cart.
     *
     * Default: null
     */
    recommendationIds: null | string[];
    /**
     * Free attributes of the order.
     *
     * Default: null
     */
    metadata: null | Property[];
    /**
     * Which lists are whole.
     *
     * Default: {"refunds":false,"fulfilments":false}
     */
    complete: OrderComplete;
}
