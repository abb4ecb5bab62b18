<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

/** Facts about a frame, kept in a product's meta data. */
final class FrameFacts
{
    public const WORDS = ['frame_shape', 'frame_material', 'frame_color', 'lens_type', 'recommended_face_shapes'];
    /** In millimetres. */
    public const SIZES = ['lens_width', 'bridge_width', 'temple_length', 'lens_height', 'frame_width'];

    public static function key(string $name): string
    {
        return "_varai_$name";
    }

    /**
     * A size as people type it (`52`, `52,5 mm`) → decimal text; null when it is none.
     */
    public static function size(string $typed): ?string
    {
        if (preg_match('/^(\d{1,3})(?:[.,](\d{1,2}))?\s*(?:mm)?$/Di', trim($typed), $parts) !== 1) {
            return null;
        }
        $decimals = rtrim($parts[2] ?? '', '0');
        return ltrim($parts[1], '0') === '' && $decimals === ''
            ? null
            : (int) $parts[1] . ($decimals === '' ? '' : ".$decimals");
    }

    /** `Oval , round,,oval` → `oval, round`. */
    public static function commaList(string $typed): string
    {
        $words = array_map(fn(string $word): string => mb_strtolower(trim($word)), explode(',', $typed));
        return implode(', ', array_unique(array_filter($words, fn(string $word): bool => $word !== '')));
    }
}
