using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Examples.BlazorChat;

/// <summary>What a visitor and the model have said, paid for by the visitor's budget.</summary>
/// <remarks>One for each page that is open. An application takes the user's id, from the authentication state, in place of a visitor's.</remarks>
public sealed class Conversation(IChatClient chat, SpendGuardEngine guard)
{
    private readonly List<ChatMessage> _said = [];

    /// <summary>Whose budget it is.</summary>
    public string Visitor { get; } = $"visitor-{Guid.NewGuid():N}";

    /// <summary>What is left of the budget; null before the first question.</summary>
    public Money? Remaining { get; private set; }

    /// <summary>Asks the model, and gives what it says as it comes.</summary>
    /// <exception cref="BudgetRefusedException">The budget does not suffice.</exception>
    public async IAsyncEnumerable<string> AskAsync(string question, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await guard.FindBudgetAsync(Visitor, cancellationToken) is null)
        {
            await guard.SetBudgetAsync(Visitor, Money.FromCents(1), idempotencyKey: "welcome", cancellationToken: cancellationToken);
        }

        _said.Add(new(ChatRole.User, question));
        List<ChatResponseUpdate> answer = [];
        await foreach (var update in chat.ForAgent(Visitor).GetStreamingResponseAsync(_said, cancellationToken: cancellationToken))
        {
            answer.Add(update);
            yield return update.Text;
        }

        _said.AddMessages(answer);
        Remaining = (await guard.FindBudgetAsync(Visitor, cancellationToken))?.Remaining;
    }
}
