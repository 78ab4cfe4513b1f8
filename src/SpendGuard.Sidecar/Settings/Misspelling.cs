namespace SpendGuard.Sidecar.Settings;

/// <summary>
/// Finds names that are nearly those of settings. What a setting was meant to do, such as to charge what cannot be known, would not be done, and
/// nobody would see it. Names that are like none are left alone: the environment is everybody's.
/// </summary>
internal static class Misspelling
{
    /// <summary>One letter too many, too few or wrong, or two that changed places.</summary>
    private const int Edits = 2;

    private static readonly string[] Names =
    [
        "CAP_ADMIN_KEY", "CAP_ALERT_WEBHOOK_SECRET", "CAP_ALERT_WEBHOOK_URL", "CAP_ALLOWED_ORIGINS", "CAP_CAPTURE_PROMPT_RESPONSE", "CAP_DEFAULT_MAX_OUTPUT_TOKENS", "CAP_DEFAULT_MAX_TOKENS",
        "CAP_ENGINE_VERSION", "CAP_INGEST_API_KEY", "CAP_INGEST_URL", "CAP_MODE", "CAP_OPENAI_MAX_COMPLETION_TOKENS", "CAP_OPENAI_MAX_OUTPUT_TOKENS",
        "CAP_POSTGRES", "CAP_PRICE_TABLE_REFRESH_SECONDS", "CAP_PRICING_EXPIRY_SKEW_SECONDS", "CAP_PRICING_FILE", "CAP_PRICING_HTTP_TIMEOUT_SECONDS",
        "CAP_PRICING_SCHEMA_VERSION", "CAP_PRICING_SIGNING_PUBLIC_KEY", "CAP_PRICING_SOURCE", "CAP_PRICING_URL", "CAP_PRICING_VERIFY_SIGNATURE",
        "CAP_SERVICE_NAME", "CAP_SQLITE_PATH", "CAP_STORE", "SPENDGUARD_ALLOWED_HOSTS", "SPENDGUARD_APPROVAL_LINK_SECONDS",
        "SPENDGUARD_APPROVAL_LINK_SECRET", "SPENDGUARD_APPROVAL_WAIT_SECONDS", "SPENDGUARD_CLIENT_IDLE_SECONDS", "SPENDGUARD_DRAIN_SECONDS",
        "SPENDGUARD_LEAST_OUTPUT_TOKENS", "SPENDGUARD_LOCKED_WAIT_SECONDS", "SPENDGUARD_MAX_DRAINS", "SPENDGUARD_MAX_REQUEST_BYTES", "SPENDGUARD_MAX_WAITING", "SPENDGUARD_METRICS_AGENTS", "SPENDGUARD_OVERLOAD", "SPENDGUARD_POSTGRES_POOLER", "SPENDGUARD_PROVIDER_IDLE_SECONDS",
        "SPENDGUARD_PROVIDER_TIMEOUT_SECONDS", "SPENDGUARD_PUBLIC_URL", "SPENDGUARD_REQUEST_TABLES_URL", "SPENDGUARD_REQUIRE_KEYS", "SPENDGUARD_RESTORED", "SPENDGUARD_STRICT_FIELDS",
    ];

    /// <summary>Those of the command, which may stand in the same environment.</summary>
    private static readonly string[] NotOfTheSidecar = ["CAP_API_KEY", "CAP_BASE_URL", "SPENDGUARD_AGENT_ID"];

    public static void Check(SettingsReader reader, IConfiguration configuration)
    {
        foreach (var name in configuration.GetChildren().Select(setting => setting.Key).Where(IsNone))
        {
            if (Names.FirstOrDefault(setting => IsNear(name.ToUpperInvariant(), setting)) is { } meant)
            {
                reader.Fault($"{name} is no setting. {meant} is; set that, or take {name} out.", 0);
            }
        }
    }

    private static bool IsNone(string name) =>
        !Names.Contains(name, StringComparer.OrdinalIgnoreCase) && !NotOfTheSidecar.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether so few edits make one of the other; names that begin otherwise are not looked at.</summary>
    private static bool IsNear(string name, string setting)
    {
        if (Math.Abs(name.Length - setting.Length) > Edits || name[..Math.Min(4, name.Length)] != setting[..4])
        {
            return false;
        }

        var row = Enumerable.Range(0, setting.Length + 1).ToArray();
        for (var i = 1; i <= name.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= setting.Length; j++)
            {
                var substituted = diagonal + (name[i - 1] == setting[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[setting.Length] <= Edits;
    }
}
