// Generated from contract/*.avsc by scripts/generate.ts; do not edit.

/**
 * One field to write.
 */
export interface FieldWrite {
    /**
     * Canonical name.
     */
    name: string;
    /**
     * JSON text; null empties the field.
     *
     * Default: null
     */
    value: null | string;
    /**
     * What the store was last seen to hold, as JSON text: the value to compare before setting.
     *
     * Default: null
     */
    observed: null | string;
}
/**
 * A store's value differs from the one decided: write it there. Topics varai.write-back.<platform>.
 */
export interface WriteBackCommanded {
    /**
     * document|version|store.
     */
    commandId: string;
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
     * What to write.
     */
    entityType: string;
    /**
     * Which one, in the store's terms.
     */
    entityId: string;
    /**
     * The canonical document.
     */
    documentId: string;
    /**
     * Its version: lower ones are dropped.
     */
    documentVersion: number;
    /**
     * What to write.
     *
     * Default: []
     */
    fields: FieldWrite[];
    /**
     * When.
     */
    requestedAt: number;
}
