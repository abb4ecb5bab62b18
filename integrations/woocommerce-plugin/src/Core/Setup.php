<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

/** What the owner types in the settings, checked. */
final class Setup
{
    /** Null for an address that personal data must not go to: only https, or this machine. */
    public static function address(string $typed): ?string
    {
        $address = rtrim(trim($typed), '/');
        $parts = parse_url($address);
        if (
            !is_array($parts) ||
            !isset($parts['scheme'], $parts['host']) ||
            isset($parts['user']) ||
            isset($parts['query'])
        ) {
            return null;
        }
        $isLocal = in_array($parts['host'], ['localhost', '127.0.0.1', '[::1]'], true);
        return $parts['scheme'] === 'https' || ($parts['scheme'] === 'http' && $isLocal) ? $address : null;
    }

    /**
     * Null for a secret that is too short, or that WordPress would not sign with as it is: it decodes ampersands and
     * angle brackets first.
     */
    public static function secret(string $typed): ?string
    {
        $secret = trim($typed);
        return preg_match('/^[\x21-\x7e]{16,200}$/D', $secret) === 1 && preg_match('/[&<>"\'\\\\]/', $secret) === 0
            ? $secret
            : null;
    }
}
