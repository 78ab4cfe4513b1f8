using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>A figure in an error's sentence is no status to a client that searches the text for one, and sends a charged call again.</summary>
public sealed class StatusFigureTests
{
    private const string WordJoiner = "\u2060";

    /// <summary>Which texts a coding agent takes for a reason to send again.</summary>
    private static readonly string[] Searched = ["429", "500", "502", "503", "504", "524"];

    private static readonly Gen<string> Statuses = Gen.Int[0, Searched.Length - 1].Select(index => Searched[index]);

    private static readonly IDialect[] Dialects = [new OpenAIChatDialect(new OutputLimit(null)), new AnthropicMessagesDialect(), new GeminiDialect()];

    [Fact]
    public void Message_WithAnyFigures_HasNoneThatLooksLikeAStatus() =>
        Gen.Select(Gen.Decimal[0, 100_000], Gen.Long[0, 100_000_000], Statuses, Statuses).Sample(
            (amount, count, one, other) =>
            {
                var sentence = string.Create(
                    CultureInfo.InvariantCulture, $"It would cost ${amount}, ${amount:0.######}, {count} of {count:N0} tokens, {one}{other}, $0.0{one}. ({other})");
                foreach (var dialect in Dialects)
                {
                    var message = MessageOf(dialect, sentence);
                    Assert.DoesNotContain(Searched, status => message.Contains(status, StringComparison.Ordinal));
                    Assert.Equal(sentence, message.Replace(WordJoiner, "", StringComparison.Ordinal));
                }
            },
            iter: 500);

    [Fact]
    public void Message_OfASilentProvider_HasNoStatus()
    {
        var silence = new ProviderSilentException("openai", TimeSpan.FromSeconds(500));

        Assert.All(Dialects, dialect => Assert.DoesNotContain("500", MessageOf(dialect, silence.Message), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Agent '50429f50-1429-4500-9503-524524524524' has no budget.")]
    [InlineData("Model gpt-500-2026 has no price.")]
    [InlineData("No answer came.")]
    public void Names_KeepTheirCharacters(string sentence) => Assert.All(Dialects, dialect => Assert.Equal(sentence, MessageOf(dialect, sentence)));

    private static string MessageOf(IDialect dialect, string sentence)
    {
        using var body = JsonDocument.Parse(Encoding.UTF8.GetString(dialect.Refuse(new Refusal(402, sentence)).Span));
        Assert.Equal(sentence, body.RootElement.GetProperty("detail").GetString());
        return body.RootElement.GetProperty("error").GetProperty("message").GetString()!;
    }
}
