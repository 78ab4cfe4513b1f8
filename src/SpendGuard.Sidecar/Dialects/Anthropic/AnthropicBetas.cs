using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The values of the <c>anthropic-beta</c> header, and whether they can move the bill past what the request's fields are bounded by.</summary>
internal static class AnthropicBetas
{
    public const string Header = "anthropic-beta";

    /// <summary>The most input that the values of a call open its model to, in tokens; null for no more than it takes otherwise.</summary>
    public static long? OpenedInput(Call call)
    {
        var betas = call.Tables.Of(AnthropicWing.Vendor).Betas;
        return Values(call.Headers).Select(value => betas.Find(value)?.OpensInput).Max();
    }

    /// <summary>Refuses a value that has no bound, or, in strict mode, one that is not known.</summary>
    /// <returns>What was let through.</returns>
    /// <exception cref="BadRequestException">Names the value.</exception>
    public static CheckedFields Check(Call call)
    {
        var (check, betas) = (new FieldCheck(call.Policy), call.Tables.Of(AnthropicWing.Vendor).Betas);
        foreach (var value in Values(call.Headers))
        {
            if (betas.Find(value) is not { } beta)
            {
                var shown = FieldCheck.Shown(value);
                check.Meet(shown, $"The {Header} value '{shown}' is");
            }
            else if (beta.Kind == Refused)
            {
                throw new BadRequestException(
                    $"The {Header} value '{value}' is refused: its cost has no bound. {beta.Reason} Leave it out.");
            }
            else if (beta.IsCounted)
            {
                check.Count(beta, value);
            }
        }

        return check.Done;
    }

    private static IEnumerable<string> Values(IHeaderDictionary headers) => headers[Header]
        .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
