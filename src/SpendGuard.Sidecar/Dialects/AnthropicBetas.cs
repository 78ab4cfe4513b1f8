using System.Collections.Frozen;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The values of the <c>anthropic-beta</c> header that cannot move the bill past what the request's fields are bounded by.</summary>
internal static class AnthropicBetas
{
    public const string Header = "anthropic-beta";

    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,
        "claude-code-20250219",
        "computer-use-2024-10-22", // Tools that the client runs are bounded.
        "computer-use-2025-01-24",
        "computer-use-2025-11-24",
        "context-management-2025-06-27", // The field that it opens is refused.
        "dev-full-thinking-2025-05-14",
        "effort-2025-11-24",
        "extended-cache-ttl-2025-04-11", // Caching for an hour is in the worst case.
        "fine-grained-tool-streaming-2025-05-14",
        "interleaved-thinking-2025-05-14",
        "max-tokens-3-5-sonnet-2024-07-15",
        "message-threads-2026-08-12", // The field that it opens is refused.
        "model-context-window-exceeded-2025-08-26",
        "output-128k-2025-02-19", // The output cap stays within the rate card's maximum.
        "prompt-caching-2024-07-31",
        "search-results-2025-06-09",
        "structured-outputs-2025-11-13",
        "token-counting-2024-11-01",
        "token-efficient-tools-2025-02-19",
        "tool-examples-2025-10-29",
        "tools-2024-04-04",
        "tools-2024-05-16");

    /// <summary>Refuses, in strict mode, a value that is not known.</summary>
    /// <exception cref="BadRequestException">Names the value.</exception>
    public static void Check(IHeaderDictionary headers, FieldPolicy policy)
    {
        if (!policy.Strict)
        {
            return;
        }

        var values = headers[Header]
            .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (values.FirstOrDefault(value => !Harmless.Contains(value)) is { } unknown)
        {
            throw new BadRequestException(
                $"The {Header} value '{unknown}' is not known, so its cost has no bound. Leave it out, or set SPENDGUARD_STRICT_FIELDS=false.");
        }
    }
}
