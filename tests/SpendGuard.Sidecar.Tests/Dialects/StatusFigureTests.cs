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

    /// <summary>An id is copied: it is there as it is, or not at all.</summary>
    [Theory]
    [InlineData("Agent '50429f50-1429-4500-9503-524524524524' has no budget.", "This agent has no budget.")]
    [InlineData("agent '502' has $3 left.", "this agent has $3 left.")]
    [InlineData("agent 'it's 502' has $3 left.", "this agent has $3 left.")]
    [InlineData("there is no agent with the id 'a524', or it was deleted.", "there is no agent with this id, or it was deleted.")]
    [InlineData("Reservation 'a503' exists already.", "This reservation exists already.")]
    [InlineData("It is in flight in run 'nightly-504'.", "It is in flight in this run.")]
    [InlineData("The idempotency key '429' was used before for agent 'a500' with other figures.", "The idempotency key was used before for this agent with other figures.")]
    [InlineData("Agent 'nightly' is locked by reservation 'a503'.", "Agent 'nightly' is locked by this reservation.")]
    [InlineData("Agent '4f2b' has no budget.", "Agent '4f2b' has no budget.")]
    [InlineData("No answer came.", "No answer came.")]
    public void Id_WithAStatus_IsLeftOut(string sentence, string told) => Assert.All(Dialects, dialect => Assert.Equal(told, MessageOf(dialect, sentence)));

    /// <summary>All else looks as it does: the name of a model says what is meant.</summary>
    [Theory]
    [InlineData("Model claude-3-7-sonnet-20250219 has no price.")]
    [InlineData("Look at the address: http://127.0.0.1:50429/v1.")]
    [InlineData("agent 'a' 502 b' has $3 left.")]
    public void Name_WithAStatus_LooksAsItDoes(string sentence) => Assert.All(Dialects, dialect =>
    {
        var message = MessageOf(dialect, sentence);
        Assert.DoesNotContain(Searched, status => message.Contains(status, StringComparison.Ordinal));
        Assert.Equal(sentence, message.Replace(WordJoiner, "", StringComparison.Ordinal));
    });

    private static string MessageOf(IDialect dialect, string sentence)
    {
        using var body = JsonDocument.Parse(Encoding.UTF8.GetString(dialect.Refuse(new Refusal(402, sentence)).Span));
        Assert.Equal(sentence, body.RootElement.GetProperty("detail").GetString());
        return body.RootElement.GetProperty("error").GetProperty("message").GetString()!;
    }
}
