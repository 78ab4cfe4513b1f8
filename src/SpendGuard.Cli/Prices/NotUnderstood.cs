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

    public JsonNode Json => new JsonArray([.. _fields.Select(static name => JsonValue.Create(name))]);

    public IEnumerable<string> Lines => _fields.Select(static name => Line.Of("not_understood", name));

    /// <summary>A picture with a warning under it, where there is something to warn of.</summary>
    public IRenderable Below(IRenderable picture) => _fields.Count == 0
        ? picture
        : new Rows(_fields.Select(static name => (IRenderable)Markup.FromInterpolated($"[yellow]Not understood, and without effect:[/] {name}")).Prepend(picture));
}
