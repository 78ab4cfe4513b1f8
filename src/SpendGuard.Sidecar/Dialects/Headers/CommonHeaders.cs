using System.Collections.Immutable;

namespace SpendGuard.Sidecar.Dialects.Headers;

/// <summary>Headers that clients of several vendors send alike.</summary>
internal static class CommonHeaders
{
    private const string NamesTheClient = "It names the client.";

    /// <summary>Of any client.</summary>
    public static ImmutableArray<HeaderRule> AnyClient { get; } =
    [
        new("User-Agent", NamesTheClient),
        new("Accept", "JSON or server-sent events, which both are metered.") { Values = ["application/json", "text/event-stream", "*/*"] },
    ];

    /// <summary>Of the official clients that one generator writes.</summary>
    public static ImmutableArray<HeaderRule> GeneratedClient { get; } =
    [
        .. AnyClient,
        new("x-stainless-arch", NamesTheClient),
        new("x-stainless-async", NamesTheClient),
        new("x-stainless-helper", NamesTheClient),
        new("x-stainless-helper-method", NamesTheClient),
        new("x-stainless-kotlin-version", NamesTheClient),
        new("x-stainless-lang", NamesTheClient),
        new("x-stainless-os", NamesTheClient),
        new("x-stainless-os-version", NamesTheClient),
        new("x-stainless-package-version", NamesTheClient),
        new("x-stainless-raw-response", NamesTheClient),
        new("x-stainless-read-timeout", "It tells how long the client waits."),
        new("x-stainless-retry-count", "It tells how often the client has tried; each try has a hold of its own."),
        new("x-stainless-runtime", NamesTheClient),
        new("x-stainless-runtime-version", NamesTheClient),
        new("x-stainless-timeout", "It tells how long the client waits."),
    ];
}
