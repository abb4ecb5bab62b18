<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

use DateTimeImmutable;
use DateTimeZone;
use Throwable;

/** Reads values that came from outside. Each gives null for what it does not take: nothing is invented or bent. */
final class Field
{
    /** An id as assistants make them. */
    public static function id(mixed $value): ?string
    {
        $text = is_int($value) ? (string) $value : $value;
        return is_string($text) && preg_match('/^[\w.:@|-]{1,128}$/D', $text) === 1 ? $text : null;
    }

    /** @return list<string> Without repetitions, at most 100. */
    public static function ids(mixed $value): array
    {
        $ids = array_filter(array_map([self::class, 'id'], is_array($value) ? $value : []), 'is_string');
        return array_slice(array_values(array_unique($ids)), 0, 100);
    }

    /** Letters, digits, spaces and hyphens: `oval`, `heart-shaped`, `NA`. */
    public static function word(mixed $value, int $longest): ?string
    {
        $text = is_string($value) ? trim($value) : '';
        return $text !== '' && mb_strlen($text) <= $longest && preg_match('/^[\p{L}\p{N} _-]+$/uD', $text) === 1
            ? $text
            : null;
    }

    /** Text as a person wrote it, without control characters, cut at `$longest` letters. */
    public static function text(mixed $value, int $longest): ?string
    {
        if (!is_string($value) || preg_match('//u', $value) !== 1) {
            return null;
        }
        $text = trim((string) preg_replace('/[^\P{C}\n\t]+/u', '', $value));
        return $text === '' ? null : mb_substr($text, 0, $longest);
    }

    public static function number(mixed $value, float $least, float $most): ?float
    {
        $isNumber = is_int($value) || is_float($value) || (is_string($value) && is_numeric($value));
        $number = $isNumber ? (float) $value : NAN;
        return is_finite($number) && $number >= $least && $number <= $most ? $number : null;
    }

    /** RFC 3339 text with a zone, or ms since 1970, as RFC 3339 in UTC with milliseconds. */
    public static function time(mixed $value): ?string
    {
        try {
            if (is_int($value) || is_float($value)) {
                // Until the end of the year 9999.
                $ms = (int) (self::number($value, 0, 253402300799999) ?? -1);
                $time = new DateTimeImmutable('@' . intdiv($ms, 1000));
                return $ms < 0 ? null : $time->format('Y-m-d\TH:i:s') . sprintf('.%03dZ', $ms % 1000);
            }
            $zoned = '/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/D';
            if (!is_string($value) || preg_match($zoned, $value) !== 1) {
                return null;
            }
            // PHP would take the 31st of February for the 3rd of March.
            if (date_parse($value)['warning_count'] > 0) {
                return null;
            }
            return (new DateTimeImmutable($value))->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.v\Z');
        } catch (Throwable) {
            return null;
        }
    }

    /** @return array<array-key, mixed> */
    public static function map(array $of, string $name): array
    {
        return is_array($of[$name] ?? null) ? $of[$name] : [];
    }

    /** Without what is null: what is not stated is left out. */
    public static function compact(array $fields): array
    {
        return array_filter($fields, fn(mixed $value): bool => $value !== null);
    }
}
