using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Import;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Prices;

/// <summary>Every model that has a price, with what its tokens cost; all the rest of a card is told of a single model.</summary>
/// <param name="book">The prices.</param>
/// <param name="now">The time whose prices are shown.</param>
internal sealed class AllModelsReport(PriceBook book, DateTimeOffset now) : IReport
{
    private const string Input = "input_cents_per_1m";
    private const string Output = "output_cents_per_1m";

    private readonly List<(string Model, string? Input, string? Output)> _models =
    [
        .. book.Models
            .Select(model => book.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).LastOrDefault(card => card.InForce(now, now)))
            .OfType<RateCard>()
            .Select(Shown)
            .OrderBy(shown => shown.Model, StringComparer.Ordinal),
    ];

    public JsonNode Json => new JsonObject
    {
        ["source"] = book.Source,
        ["generated_at"] = Moment.Of(book.GeneratedAt),
        ["models"] = new JsonArray([.. _models.Select(JsonNode (model) => new JsonObject
        {
            ["model"] = model.Model,
            [Input] = Figure(model.Input),
            [Output] = Figure(model.Output),
        })]),
    };

    public IEnumerable<string> Lines => _models.Select(model => $"{Line.Of("model", model.Model)} {Line.Of(Input, model.Input)} {Line.Of(Output, model.Output)}");

    public IRenderable Picture
    {
        get
        {
            var table = Tables.New("model", ">input", ">output");
            foreach (var (model, input, output) in _models)
            {
                table.AddRow(new Text(model), new Text(input ?? ""), new Text(output ?? ""));
            }

            return new Rows(
                Markup.FromInterpolated($"In cents for a million tokens, from {book.Source} of {Moment.Of(book.GeneratedAt)}"),
                table,
                Markup.FromInterpolated($"[grey]All of one:[/] spendguard prices show {_models.FirstOrDefault().Model ?? "MODEL"}"));
        }
    }

    private static (string Model, string? Input, string? Output) Shown(RateCard card)
    {
        var fields = RateCardFields.Of([card]);
        return (card.Model.ToString(), Value(fields, Input), Value(fields, Output));
    }

    private static string? Value(IReadOnlyList<(string Field, string Value)> fields, string name) =>
        fields.FirstOrDefault(field => field.Field == name).Value;

    private static JsonNode? Figure(string? value) => value is null ? null : JsonNode.Parse(value);
}
