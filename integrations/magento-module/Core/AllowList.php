<?php
declare(strict_types=1);

namespace Varai\Sync\Core;

/**
 * Takes from a document what is named, and nothing else: whatever a later Magento or another module adds to its models
 * stays in the shop.
 *
 * A list names fields (`'email'`), objects (`'payment' => ['method']`), lists of objects (`'items' => [['sku']]`), lists
 * of texts or numbers (`'street' => []`), and all fields with a prefix (`'varai_*'`).
 */
final class AllowList
{
    /**
     * @param array<array-key, mixed> $document
     * @param array<array-key, mixed> $fields
     * @return array<string, mixed> Without what is null: as in Magento's own answers, that is left out.
     */
    public static function pick(array $document, array $fields): array
    {
        $picked = [];
        foreach ($fields as $name => $inner) {
            $found = is_int($name) ? self::plain($document, (string) $inner) : self::nested($document, $name, $inner);
            $picked += $found;
        }
        return $picked;
    }

    /** @return array<string, scalar> */
    private static function plain(array $document, string $name): array
    {
        $isPrefix = str_ends_with($name, '*');
        $names = $isPrefix
            ? array_filter(
                array_map('strval', array_keys($document)),
                fn(string $key): bool => str_starts_with($key, substr($name, 0, -1)),
            )
            : [$name];
        $picked = [];
        foreach ($names as $key) {
            // An object where a value is expected is left out, not flattened: nobody has looked at what it holds.
            if (is_scalar($document[$key] ?? null)) {
                $picked[$key] = $document[$key];
            }
        }
        return $picked;
    }

    /** @return array<string, array<array-key, mixed>> */
    private static function nested(array $document, string $name, array $inner): array
    {
        $value = $document[$name] ?? null;
        if (!is_array($value)) {
            return [];
        }
        if ($inner === []) {
            return [$name => array_values(array_filter($value, 'is_scalar'))];
        }
        if (count($inner) === 1 && is_array($inner[0] ?? null)) {
            $objects = array_values(array_filter($value, 'is_array'));
            return [$name => array_map(fn(array $object): array => self::pick($object, $inner[0]), $objects)];
        }
        $object = self::pick($value, $inner);
        return $object === [] ? [] : [$name => $object];
    }
}
