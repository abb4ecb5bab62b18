<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

/** What an assistant hands over, made into what may be stored and sent. Null for what names no session. */
final class AiRecords
{
    private const LONGEST_CONVERSATION = 200;

    /**
     * A session that ended.
     *
     * @param array<array-key, mixed> $given
     * @param bool $withConversation Whether the owner lets conversations leave the shop.
     * @return array<string, mixed>|null
     */
    public static function session(array $given, bool $withConversation): ?array
    {
        $sessionId = Field::id($given['sessionId'] ?? null);
        if ($sessionId === null) {
            return null;
        }
        $analysis = FaceAnalysis::sanitise(Field::map($given, 'faceAnalysis'));
        // A consent alone is no analysis.
        $hasAnalysis = array_diff(array_keys($analysis), ['consentLevel']) !== [];
        return Field::compact([
            'sessionId' => $sessionId,
            'consentLevel' => FaceAnalysis::consentLevel($given['consentLevel'] ?? null),
            'startedAt' => Field::time($given['startedAt'] ?? null),
            'completedAt' => Field::time($given['completedAt'] ?? null),
            'durationSeconds' => Field::number($given['durationSeconds'] ?? null, 0, 7 * 86400),
            'outcome' => Field::word($given['outcome'] ?? null, 60),
            'conversionResult' => Field::word($given['conversionResult'] ?? null, 60),
            'orderId' => Field::id($given['orderId'] ?? null),
            'recommendationIds' => Field::ids($given['recommendationIds'] ?? null),
            'locale' => Field::word($given['locale'] ?? null, 20),
            'region' => Field::word($given['region'] ?? null, 20),
            'faceAnalysis' => $hasAnalysis ? $analysis : null,
            'conversation' => $withConversation ? self::conversation(Field::map($given, 'conversation')) : null,
        ]);
    }

    /**
     * A face analysis that ended.
     *
     * @param array<array-key, mixed> $given
     * @return array<string, mixed>|null
     */
    public static function faceAnalysis(array $given): ?array
    {
        $sessionId = Field::id($given['sessionId'] ?? null);
        $analysis = FaceAnalysis::sanitise(Field::map($given, 'analysis'));
        if ($sessionId === null || array_diff(array_keys($analysis), ['consentLevel']) === []) {
            return null;
        }
        return Field::compact([
            'sessionId' => $sessionId,
            'analysisId' => Field::id($given['analysisId'] ?? null),
            'consentLevel' => $analysis['consentLevel'],
            'analysis' => $analysis,
        ]);
    }

    /** The newest turns. */
    private static function conversation(array $turns): ?array
    {
        $read = [];
        foreach (array_slice($turns, -self::LONGEST_CONVERSATION) as $turn) {
            $role = is_array($turn) ? $turn['role'] ?? null : null;
            $text = is_array($turn) ? Field::text($turn['text'] ?? null, 4000) : null;
            if (in_array($role, ['shopper', 'assistant'], true) && $text !== null) {
                $read[] = Field::compact(['role' => $role, 'text' => $text, 'at' => Field::time($turn['at'] ?? null)]);
            }
        }
        return $read === [] ? null : $read;
    }
}
