using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Batches.OpenAI;

/// <summary>A file that the provider keeps.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record SimulatedFile(string Id, string Name, string Purpose, byte[] Content)
{
    public const string OfRequests = "batch";
    public const string OfResults = "batch_output";

    /// <summary>How many seconds it is kept; null for ever.</summary>
    public long? ExpiresAfter { get; init; }

    /// <summary>The same as lines, of results.</summary>
    public IReadOnlyList<string>? Lines { get; init; }

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["object"] = "file",
        ["bytes"] = Content.Length,
        ["created_at"] = Generation.CreatedAt,
        ["expires_at"] = ExpiresAfter is { } seconds ? Generation.CreatedAt + seconds : null,
        ["filename"] = Name,
        ["purpose"] = Purpose,
        ["status"] = "processed",
        ["status_details"] = null,
    };

    /// <summary>How long a file is to be kept, by what a caller asks for.</summary>
    /// <param name="anchor">From when on.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>Null where it is not what may be asked for.</returns>
    public static long? Expiry(string? anchor, string? seconds) =>
        anchor == "created_at" && long.TryParse(seconds, out var whole) && whole is >= 3_600 and <= 2_592_000 ? whole : null;
}
