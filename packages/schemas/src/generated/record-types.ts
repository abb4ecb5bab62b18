// Generated from contract/*.avsc by scripts/generate.ts; do not edit.
import type { AggregationRequested } from './types/AggregationRequested.d.ts'
import type { AiSessionStated } from './types/AiSessionStated.d.ts'
import type { ConsentStated } from './types/ConsentStated.d.ts'
import type { CustomerStated } from './types/CustomerStated.d.ts'
import type { DocumentChanged } from './types/DocumentChanged.d.ts'
import type { EntityDeleted } from './types/EntityDeleted.d.ts'
import type { FaceAnalysed } from './types/FaceAnalysed.d.ts'
import type { FetchRequested } from './types/FetchRequested.d.ts'
import type { Interaction } from './types/Interaction.d.ts'
import type { InventoryStated } from './types/InventoryStated.d.ts'
import type { OrderStated } from './types/OrderStated.d.ts'
import type { PrivacyConfirmed } from './types/PrivacyConfirmed.d.ts'
import type { PrivacyRequested } from './types/PrivacyRequested.d.ts'
import type { ProductStated } from './types/ProductStated.d.ts'
import type { RecommendationsGenerated } from './types/RecommendationsGenerated.d.ts'
import type { StoreStated } from './types/StoreStated.d.ts'
import type { WriteBackCommanded } from './types/WriteBackCommanded.d.ts'

export type { Envelope, Part } from './types/Envelope.d.ts'
export type { AggregationRequested } from './types/AggregationRequested.d.ts'
export type { AiSessionStated, FaceAnalysis, FaceMeasurements, Turn } from './types/AiSessionStated.d.ts'
export type { ConsentStated } from './types/ConsentStated.d.ts'
export type { CustomerStated, Address, CustomerComplete } from './types/CustomerStated.d.ts'
export type { DocumentChanged } from './types/DocumentChanged.d.ts'
export type { EntityDeleted } from './types/EntityDeleted.d.ts'
export type { FaceAnalysed } from './types/FaceAnalysed.d.ts'
export type { FetchRequested } from './types/FetchRequested.d.ts'
export type { Interaction } from './types/Interaction.d.ts'
export type { InventoryStated } from './types/InventoryStated.d.ts'
export type { OrderStated, OrderLine, Property, Refund, RefundLine, Transaction, Adjustment, Fulfilment, FulfilledLine, DiscountCode, TaxLine, ShippingLine, OrderComplete } from './types/OrderStated.d.ts'
export type { PrivacyConfirmed } from './types/PrivacyConfirmed.d.ts'
export type { PrivacyRequested } from './types/PrivacyRequested.d.ts'
export type { ProductStated, ProductOption, Variant, Image, ProductComplete } from './types/ProductStated.d.ts'
export type { RecommendationsGenerated, Recommendation } from './types/RecommendationsGenerated.d.ts'
export type { StoreStated } from './types/StoreStated.d.ts'
export type { WriteBackCommanded, FieldWrite } from './types/WriteBackCommanded.d.ts'

export type RecordTypes = {
  AggregationRequested: AggregationRequested
  AiSessionStated: AiSessionStated
  ConsentStated: ConsentStated
  CustomerStated: CustomerStated
  DocumentChanged: DocumentChanged
  EntityDeleted: EntityDeleted
  FaceAnalysed: FaceAnalysed
  FetchRequested: FetchRequested
  Interaction: Interaction
  InventoryStated: InventoryStated
  OrderStated: OrderStated
  PrivacyConfirmed: PrivacyConfirmed
  PrivacyRequested: PrivacyRequested
  ProductStated: ProductStated
  RecommendationsGenerated: RecommendationsGenerated
  StoreStated: StoreStated
  WriteBackCommanded: WriteBackCommanded
}
