<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

/**
 * What may be kept of a face analysis. Everything else that an assistant may hand over, such as landmarks, embeddings or
 * images, is dropped here, before anything is stored or sent.
 */
final class FaceAnalysis
{
    private const MEASUREMENTS = ['pupillaryDistance', 'faceWidth', 'faceHeight'];
    private const CONSENT_LEVELS = ['basic', 'enhanced', 'research'];

    /**
     * @param array<array-key, mixed> $given
     * @return array<string, mixed> Of faceShape, measurements (millimetres), confidence (0 to 1), timestamp, region and
     *     consentLevel those that were given and make sense. A consent level that is not known counts as `basic`.
     */
    public static function sanitise(array $given): array
    {
        $measurements = Field::compact(
            array_map(
                fn(mixed $size): ?float => Field::number($size, 1, 500),
                array_intersect_key(Field::map($given, 'measurements'), array_flip(self::MEASUREMENTS)),
            ),
        );
        return Field::compact([
            'faceShape' => Field::word($given['faceShape'] ?? null, 40),
            'measurements' => $measurements === [] ? null : $measurements,
            'confidence' => Field::number($given['confidence'] ?? null, 0, 1),
            'timestamp' => Field::time($given['timestamp'] ?? null),
            'region' => Field::word($given['region'] ?? null, 20),
            'consentLevel' => self::consentLevel($given['consentLevel'] ?? null),
        ]);
    }

    public static function consentLevel(mixed $given): string
    {
        return in_array($given, self::CONSENT_LEVELS, true) ? $given : 'basic';
    }
}
