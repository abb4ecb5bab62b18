<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\Journey;
use WC_Geolocation;
use WC_Rate_Limiter;
use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

defined('ABSPATH') || exit();

/**
 * Where the assistant in the shopper's browser hands things over: `POST /wp-json/varai/v1/{ai-sessions, face-analyses,
 * journey}`. Open to visitors, so: only from pages of this shop, small, and not too often.
 */
final class RestRoutes
{
    private const LARGEST_BODY = 256 * 1024;
    private const PAUSE_SECONDS = 1;

    public function __construct(private Intake $intake) {}

    public function hook(): void
    {
        add_action('rest_api_init', function (): void {
            $this->add('ai-sessions', fn(array $given): bool => $this->intake->session($given));
            $this->add('face-analyses', fn(array $given): bool => $this->intake->faceAnalysis($given));
            $this->add('journey', function (array $given): bool {
                $journey = Journey::read($given);
                CheckoutJourney::continue($journey);
                return !$journey->isEmpty();
            });
        });
    }

    /** @param callable(array): bool $take */
    private function add(string $name, callable $take): void
    {
        register_rest_route('varai/v1', "/$name", [
            'methods' => 'POST',
            'permission_callback' => [$this, 'isAllowed'],
            'callback' => fn(WP_REST_Request $request) => $this->answer($name, $request, $take),
        ]);
    }

    /**
     * Visitors have no account, and a nonce that stands in a cached page is out of date: what protects the shopper is that
     * other sites cannot speak in their name.
     */
    public function isAllowed(WP_REST_Request $request): bool|WP_Error
    {
        $given = $request->get_header('origin') ?? ($request->get_header('referer') ?? '');
        $origin = fn(string $url): array => array_map(
            fn(int $part): string => strtolower((string) wp_parse_url($url, $part)),
            [PHP_URL_SCHEME, PHP_URL_HOST, PHP_URL_PORT],
        );
        if ($given !== '' && in_array($origin($given), [$origin(home_url()), $origin(site_url())], true)) {
            return true;
        }
        return new WP_Error('varai_sync_foreign_origin', __('Only pages of this shop may do that.', 'varai-sync'), [
            'status' => 403,
        ]);
    }

    private function answer(string $name, WP_REST_Request $request, callable $take): WP_REST_Response|WP_Error
    {
        if (strlen($request->get_body()) > self::LARGEST_BODY) {
            return new WP_Error('varai_sync_too_large', __('That is too large.', 'varai-sync'), ['status' => 413]);
        }
        // The address is only compared, and kept as a keyed hash for a second.
        $visitor = "varai_sync_{$name}_" . substr(wp_hash(WC_Geolocation::get_ip_address()), 0, 16);
        if (WC_Rate_Limiter::retried_too_soon($visitor)) {
            $answer = new WP_REST_Response(['code' => 'varai_sync_too_often'], 429);
            $answer->header('Retry-After', (string) (self::PAUSE_SECONDS + 1));
            return $answer;
        }
        WC_Rate_Limiter::set_rate_limit($visitor, self::PAUSE_SECONDS);
        $given = $request->get_json_params();
        if (!is_array($given) || !$take($given)) {
            return new WP_Error('varai_sync_nothing', __('That says nothing that could be kept.', 'varai-sync'), [
                'status' => 400,
            ]);
        }
        return new WP_REST_Response(['accepted' => true], 202);
    }
}
