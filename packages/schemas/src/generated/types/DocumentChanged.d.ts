// Generated from contract/*.avsc by scripts/generate.ts; do not edit.

/**
 * A document changed. Topic varai.changes; it may arrive twice or late: keep the highest version.
 */
export interface DocumentChanged {
    /**
     * collection|document id|version.
     */
    changeId: string;
    /**
     * orders, customers, users, products, …
     */
    collection: string;
    /**
     * Key of the topic.
     */
    documentId: string;
    /**
     * Owner.
     */
    merchantId: string;
    /**
     * The document's version after this change.
     */
    version: number;
    /**
     * created, updated, deleted, redirected or erased.
     */
    kind: string;
    /**
     * What differs.
     *
     * Default: []
     */
    fields: string[];
    /**
     * Events that led to it.
     *
     * Default: []
     */
    causes: string[];
    /**
     * Policy rule that decided, where one did.
     *
     * Default: null
     */
    rule: null | string;
    /**
     * The document after the change, as canonical JSON text (times in ms, amounts as text); null when gone.
     *
     * Default: null
     */
    after: null | string;
    /**
     * whole; or why `after` is null: gone, superseded (a newer change of the document has it), too_large (read the document).
     *
     * Default: "whole"
     */
    afterIs: string;
    /**
     * What `fields` held before, as canonical JSON text; null of a new document, or where it is too large.
     *
     * Default: null
     */
    before: null | string;
    /**
     * When it was saved.
     */
    at: number;
}
