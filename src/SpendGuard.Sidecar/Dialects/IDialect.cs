using System.Text;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Conversations;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>One provider wire format: how to read a request, cap it, and meter its answer. Holds no state.</summary>
internal interface IDialect
{
    /// <summary>Reads what is asked for as far as it moves the cost.</summary>
    /// <param name="call">The call as it came in.</param>
    /// <returns>The call with its model, its shape, and the fewest input tokens that are plausible.</returns>
    /// <exception cref="BadRequestException">The body is not of this format, or has something in it without a cost bound.</exception>
    Call Read(Call call);

    /// <summary>The conversation of a call that was read, by whose end it is told from others of its run; null where it has none, or a part of it is not in the request.</summary>
    /// <param name="call">The call.</param>
    IReadOnlyList<ConversationMessage>? Conversation(Call call) => null;

    /// <summary>How the provider is asked for its own count of a request's input; null where it does not offer one.</summary>
    IInputCount? InputCount => null;

    /// <summary>Writes the body with the limits that the hold pays for, under the names that the model goes by, and what has to be pinned. Nothing else changes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="grant">The limits.</param>
    ReadOnlyMemory<byte> Cap(Call call, CallGrant grant);

    /// <summary>Reads usage, model and service tier from a whole answer.</summary>
    /// <param name="call">What was asked, which can tell how the answer is to be read.</param>
    /// <param name="answer">The answer.</param>
    ProviderReport ReadAnswer(Call call, JsonElement answer);

    /// <summary>Whether every reader of the format's events skips comments, so that the charge can be told in one.</summary>
    bool EventsTakeComments => true;

    /// <summary>Starts to read an answer that comes as events.</summary>
    IEventReader ReadEvents(Call call);

    /// <summary>The type of an event that tells of an error; null where events have none.</summary>
    string? ErrorEventType => null;

    /// <summary>A refusal as the last event of a stream, for clients to raise as an error.</summary>
    ReadOnlyMemory<byte> ErrorEvent(Refusal refusal) =>
        (byte[])[.. ErrorEventType is { } type ? Encoding.UTF8.GetBytes($"event: {type}\n") : [], .. "data: "u8, .. RefuseInEvent(refusal).Span, .. "\n\n"u8];

    /// <summary>The data of that event.</summary>
    ReadOnlyMemory<byte> RefuseInEvent(Refusal refusal) => Refuse(refusal);

    /// <summary>A refusal in the format's own error envelope, with <c>detail</c> beside it.</summary>
    ReadOnlyMemory<byte> Refuse(Refusal refusal);
}
