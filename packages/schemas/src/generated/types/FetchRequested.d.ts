// Generated from contract/*.avsc by scripts/generate.ts; do not edit.

/**
 * A statement is needed that only the store can make: read it there. Topics varai.fetch.<platform>.
 */
export interface FetchRequested {
    /**
     * entity|reason|platformAt: asked once.
     */
    requestId: string;
    /**
     * Owner.
     */
    merchantId: string;
    /**
     * Whose API.
     */
    platform: string;
    /**
     * Which store.
     */
    storeId: string;
    /**
     * What to read.
     */
    entityType: string;
    /**
     * Which one.
     */
    entityId: string;
    /**
     * delta, id-only, tie, unconfirmed-delete.
     */
    reason: string;
    /**
     * Event that led here.
     */
    causeEventId: string;
    /**
     * The time in question.
     *
     * Default: null
     */
    platformAt: null | number;
    /**
     * When.
     */
    requestedAt: number;
}
