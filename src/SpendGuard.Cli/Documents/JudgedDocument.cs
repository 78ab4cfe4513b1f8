using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Prices;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Documents;

/// <summary>What is told of a document that a sidecar would use.</summary>
/// <param name="GeneratedAt">When it was made.</param>
/// <param name="Until">Until when it is in force, and what that is called.</param>
internal sealed record JudgedDocument(DateTimeOffset GeneratedAt, (string Name, DateTimeOffset? At) Until)
{
    /// <summary>How many models it has prices of; null where it has none.</summary>
    public int? Models { get; init; }

    /// <summary>What of it nobody reads; null where that would have been refused.</summary>
    public NotUnderstood? NotUnderstood { get; init; }

    /// <summary>The number of models in brackets after something.</summary>
    public string ModelsInBrackets => Models is { } count ? $" (models: {count})" : "";

    /// <summary>The document's own fields after others.</summary>
    /// <param name="first">The fields before them.</param>
    /// <param name="publicKey">The key that it is signed with; null to leave it out.</param>
    public JsonObject Json(JsonObject first, string? publicKey = null)
    {
        if (Models is { } count)
        {
            first["models"] = count;
        }

        first["generated_at"] = Moment.Of(GeneratedAt);
        first[Until.Name] = Moment.Of(Until.At);
        if (publicKey is not null)
        {
            first["public_key"] = publicKey;
        }

        if (NotUnderstood is not null)
        {
            first["not_understood"] = NotUnderstood.Json;
        }

        return first;
    }

    /// <inheritdoc cref="Json"/>
    public IEnumerable<string> Lines(IEnumerable<string> first, string? publicKey = null) =>
    [
        .. first,
        .. Models is { } count ? [Line.Of("models", count)] : Array.Empty<string>(),
        Line.Of("generated_at", Moment.Of(GeneratedAt)),
        Line.Of(Until.Name, Moment.Of(Until.At)),
        .. publicKey is null ? Array.Empty<string>() : [Line.Of("public_key", publicKey)],
        .. NotUnderstood?.Lines ?? [],
    ];

    /// <summary>A picture, with a warning under it where there is something to warn of.</summary>
    public IRenderable Picture(IRenderable picture) => NotUnderstood?.Below(picture) ?? picture;
}
