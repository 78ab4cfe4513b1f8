using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Import;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Prices;

/// <summary><c>spendguard prices show</c>: a model's rate card, field by field as a price document has it.</summary>
internal sealed class ShowCommand
{
    public ShowCommand(Shell shell, Func<ParseResult, ReportWriter> writer)
    {
        var model = new Argument<string?>("model") { Description = "The model, such as gpt-5.6 or openai:gpt-5.6 [default: all of them]", Arity = ArgumentArity.ZeroOrOne };
        var input = new Option<string?>("--in") { Description = "Price document to look in [default: the one that ships with SpendGuard]", HelpName = "file" };
        Command = new Command("show", "Show what a model costs, or all that there are. Signatures are not checked.") { model, input };
        Command.SetAction(async (parsed, stop) =>
        {
            var book = await BookFile.ReadAsync(shell, parsed.GetValue(input), "--in", stop);
            writer(parsed).Write(parsed.GetValue(model) is { } named ? ReportOf(book, Find(book, named)) : new AllModelsReport(book, shell.Time.GetUtcNow()));
        });
    }

    public Command Command { get; }

    private static Report ReportOf(PriceBook book, ModelKey key) => new(key, book, book.Find(key, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));

    /// <exception cref="CommandFailedException">There is no such model, or several providers have it.</exception>
    private static ModelKey Find(PriceBook book, string named)
    {
        var found = book.Models.Where(model => model.Model == named || model.ToString() == named).ToList();
        return found switch
        {
            [var only] => only,
            [] => throw new CommandFailedException(Unknown(book, named)),
            _ => throw new CommandFailedException($"Several providers have {named}: name one of {string.Join(", ", found)}."),
        };
    }

    private static string Unknown(PriceBook book, string named)
    {
        var (provider, model) = named.Split(':', 2) is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : (null, named);
        var nearest = NearestNames.To(provider, model, book.Models);
        return $"{named} has no price in {book.Source}.{(nearest.Count > 0 ? $" The nearest names are {string.Join(", ", nearest)}." : " All of them: spendguard prices show")}";
    }

    private sealed class Report(ModelKey model, PriceBook book, IReadOnlyList<RateCard> cards) : IReport
    {
        private readonly IReadOnlyList<(string Field, string Value)> _fields = RateCardFields.Of(cards);

        public JsonNode Json => new JsonObject
        {
            ["model"] = model.ToString(),
            ["source"] = book.Source,
            ["generated_at"] = Moment.Of(book.GeneratedAt),
            ["card"] = JsonNode.Parse(RateCardFields.Json(cards)),
        };

        public IEnumerable<string> Lines =>
        [
            Line.Of("model", model.ToString()), Line.Of("source", book.Source), Line.Of("generated_at", Moment.Of(book.GeneratedAt)),
            .. _fields.Select(line => Line.Of(line.Field, line.Value)),
        ];

        public IRenderable Picture
        {
            get
            {
                var table = Tables.New("field", ">value");
                foreach (var (name, value) in _fields)
                {
                    table.AddRow(new Text(name), new Text(value));
                }

                return new Rows(Markup.FromInterpolated($"[bold]{model}[/], from {book.Source} of {Moment.Of(book.GeneratedAt)}"), table);
            }
        }
    }
}
