// Generated from contract/*.avsc by scripts/generate.ts; do not edit.
import type * as all from './record-types.ts'

/** By record, nested ones included: the fields with a default, which a producer may leave out. */
export type DefaultedFields = {
  Envelope: { of: all.Envelope; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' }
  Part: { of: all.Part; fields: never }
  AggregationRequested: { of: all.AggregationRequested; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'kinds' }
  AiSessionStated: { of: all.AiSessionStated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'customerId' | 'email' | 'startedAt' | 'completedAt' | 'durationSeconds' | 'outcome' | 'conversionResult' | 'orderId' | 'faceAnalysis' | 'conversation' | 'recommendationIds' | 'locale' | 'metadata' }
  FaceAnalysis: { of: all.FaceAnalysis; fields: 'faceShape' | 'measurements' | 'confidence' | 'timestamp' | 'region' | 'consentLevel' }
  FaceMeasurements: { of: all.FaceMeasurements; fields: 'pupillaryDistance' | 'faceWidth' | 'faceHeight' }
  Turn: { of: all.Turn; fields: 'text' | 'at' }
  ConsentStated: { of: all.ConsentStated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'customerId' | 'email' | 'level' | 'purposes' | 'proof' }
  CustomerStated: { of: all.CustomerStated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'email' | 'phone' | 'firstName' | 'lastName' | 'createdAt' | 'locale' | 'currency' | 'state' | 'verifiedEmail' | 'acceptsMarketing' | 'marketingOptInLevel' | 'marketingConsentAt' | 'acceptsSmsMarketing' | 'taxExempt' | 'note' | 'tags' | 'preferences' | 'addresses' | 'complete' }
  Address: { of: all.Address; fields: 'id' | 'firstName' | 'lastName' | 'company' | 'address1' | 'address2' | 'city' | 'zip' | 'province' | 'provinceCode' | 'country' | 'countryCode' | 'phone' | 'isDefault' }
  CustomerComplete: { of: all.CustomerComplete; fields: 'addresses' }
  DocumentChanged: { of: all.DocumentChanged; fields: 'fields' | 'causes' | 'rule' | 'after' | 'afterIs' | 'before' }
  EntityDeleted: { of: all.EntityDeleted; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'reason' | 'terminal' | 'confirmed' | 'childId' }
  FaceAnalysed: { of: all.FaceAnalysed; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'customerId' | 'analysisId' }
  FetchRequested: { of: all.FetchRequested; fields: 'platformAt' }
  Interaction: { of: all.Interaction; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'productId' | 'variantId' | 'sku' | 'recommendationId' | 'durationMs' | 'properties' }
  InventoryStated: { of: all.InventoryStated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'locationId' | 'available' | 'incoming' | 'variantId' | 'productId' | 'sku' }
  OrderStated: { of: all.OrderStated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'name' | 'number' | 'createdAt' | 'processedAt' | 'closedAt' | 'cancelledAt' | 'cancelReason' | 'paidAt' | 'completedAt' | 'status' | 'fulfillmentStatus' | 'currency' | 'presentmentCurrency' | 'total' | 'presentmentTotal' | 'netTotal' | 'subtotal' | 'totalTax' | 'totalDiscounts' | 'totalShipping' | 'taxesIncluded' | 'customerId' | 'email' | 'phone' | 'billingAddress' | 'shippingAddress' | 'note' | 'tags' | 'sourceName' | 'test' | 'locale' | 'items' | 'refunds' | 'fulfilments' | 'discountCodes' | 'taxLines' | 'shippingLines' | 'aiSessionId' | 'recommendationIds' | 'metadata' | 'complete' }
  OrderLine: { of: all.OrderLine; fields: 'id' | 'productId' | 'variantId' | 'sku' | 'title' | 'variantTitle' | 'vendor' | 'quantity' | 'currentQuantity' | 'price' | 'presentmentPrice' | 'totalDiscount' | 'totalTax' | 'fulfillmentStatus' | 'giftCard' | 'requiresShipping' | 'properties' | 'lensType' | 'lensCoating' | 'prescription' }
  Property: { of: all.Property; fields: never }
  Refund: { of: all.Refund; fields: 'createdAt' | 'note' | 'total' | 'lines' | 'transactions' | 'adjustments' }
  RefundLine: { of: all.RefundLine; fields: 'lineId' | 'quantity' | 'subtotal' | 'totalTax' | 'restockType' }
  Transaction: { of: all.Transaction; fields: 'id' | 'kind' | 'status' | 'gateway' | 'amount' | 'currency' }
  Adjustment: { of: all.Adjustment; fields: 'id' | 'kind' | 'reason' | 'amount' | 'totalTax' }
  Fulfilment: { of: all.Fulfilment; fields: 'status' | 'createdAt' | 'updatedAt' | 'shipmentStatus' | 'trackingCompany' | 'trackingNumbers' | 'trackingUrls' | 'lines' }
  FulfilledLine: { of: all.FulfilledLine; fields: 'lineId' | 'quantity' }
  DiscountCode: { of: all.DiscountCode; fields: 'kind' | 'amount' }
  TaxLine: { of: all.TaxLine; fields: 'title' | 'rate' | 'amount' }
  ShippingLine: { of: all.ShippingLine; fields: 'id' | 'title' | 'code' | 'price' | 'discountedPrice' }
  OrderComplete: { of: all.OrderComplete; fields: 'refunds' | 'fulfilments' }
  PrivacyConfirmed: { of: all.PrivacyConfirmed; fields: 'subjectRef' | 'reason' | 'counts' }
  PrivacyRequested: { of: all.PrivacyRequested; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'customerId' | 'email' | 'phone' | 'orderIds' | 'scope' }
  ProductStated: { of: all.ProductStated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'title' | 'description' | 'handle' | 'url' | 'vendor' | 'productType' | 'status' | 'tags' | 'createdAt' | 'publishedAt' | 'currency' | 'options' | 'variants' | 'images' | 'frameShape' | 'frameMaterial' | 'frameColor' | 'lensType' | 'recommendedFaceShapes' | 'lensWidthMm' | 'bridgeWidthMm' | 'templeLengthMm' | 'lensHeightMm' | 'frameWidthMm' | 'complete' }
  ProductOption: { of: all.ProductOption; fields: 'values' }
  Variant: { of: all.Variant; fields: 'title' | 'sku' | 'barcode' | 'price' | 'compareAtPrice' | 'position' | 'options' | 'inventoryItemId' | 'inventoryQuantity' | 'taxable' | 'updatedAt' }
  Image: { of: all.Image; fields: 'id' | 'alt' | 'position' | 'variantIds' }
  ProductComplete: { of: all.ProductComplete; fields: 'variants' }
  RecommendationsGenerated: { of: all.RecommendationsGenerated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'customerId' | 'items' | 'algorithm' | 'confidence' | 'context' }
  Recommendation: { of: all.Recommendation; fields: 'id' | 'productId' | 'variantId' | 'sku' | 'position' | 'score' | 'reason' }
  StoreStated: { of: all.StoreStated; fields: 'userId' | 'sessionId' | 'region' | 'consentLevel' | 'subjectRef' | 'triggeredAt' | 'deliveryId' | 'traceparent' | 'payloadRef' | 'part' | 'cleared' | 'state' | 'name' | 'domain' | 'email' | 'currency' | 'timezone' | 'plan' }
  WriteBackCommanded: { of: all.WriteBackCommanded; fields: 'fields' }
  FieldWrite: { of: all.FieldWrite; fields: 'value' | 'observed' }
}
