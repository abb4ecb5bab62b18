// Generated from contract/*.avsc by scripts/generate.ts; do not edit.

/**
 * One service says what it did for a privacy request. Topic varai.privacy-confirmations.
 */
export interface PrivacyConfirmed {
    /**
     * The request.
     */
    requestId: string;
    /**
     * Owner of the store.
     */
    merchantId: string;
    /**
     * The data subject.
     *
     * Default: null
     */
    subjectRef: null | string;
    /**
     * Who confirms.
     */
    service: string;
    /**
     * done, nothing-held or retained (with the reason).
     */
    outcome: string;
    /**
     * Why something was retained.
     *
     * Default: null
     */
    reason: null | string;
    /**
     * What was touched, by kind.
     *
     * Default: {}
     */
    counts: {
        [index: string]: number;
    };
    /**
     * When.
     */
    at: number;
}
