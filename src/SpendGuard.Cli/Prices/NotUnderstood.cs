using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Pricing.Import;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Prices;

/// <summary>What of a price document nobody reads: it is there for newer versions, or a name is misspelt and its price has no effect.</summary>
/// <param name="document">A document that can be used.</param>
internal sealed class NotUnderstood(ReadOnlyMemory<byte> document)
{
    private readonly IReadOnlyList<string> _fields = UnknownPriceFields.In(document);

    public JsonNode Json => new JsonArray([.. _fields.Select(field => JsonValue.Create(field))]);

    public IEnumerable<string> Lines => _fields.Select(field => Line.Of("not_understood", field));

    /// <summary>A picture with a warning under it, where there is something to warn of.</summary>
    public IRenderable Below(IRenderable picture) => _fields.Count == 0
        ? picture
        : new Rows(_fields.Select(static field => (IRenderable)Markup.FromInterpolated($"[yellow]Not understood, and without effect:[/] {field}")).Prepend(picture));
}
