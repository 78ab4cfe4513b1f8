using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads the events of one streamed answer as they pass.</summary>
internal interface IEventReader
{
    /// <summary>What is to be done with an event by what has been said up to it.</summary>
    static EventFate FateOf(AnswerReader reader) =>
        !reader.Ended ? EventFate.Pass : reader.IsWhole ? EventFate.PassAfterSettling : EventFate.PassAtTheEnd;

    /// <summary>Looks at an event before it goes to the client.</summary>
    /// <param name="data">The data of the event, without its field name; empty for an event that has none.</param>
    /// <returns>What is to be done with it.</returns>
    EventFate Observe(ReadOnlySpan<byte> data);

    /// <summary>What the provider has said of the call so far.</summary>
    ProviderReport Report { get; }
}

/// <summary>What is to be done with an event.</summary>
internal enum EventFate
{
    /// <summary>It goes to the client as it is.</summary>
    Pass,

    /// <summary>It is kept from a client that did not ask for it.</summary>
    Withhold,

    /// <summary>It goes to the client as it is, after the call has been settled: it is the last that the client waits for.</summary>
    PassAfterSettling,

    /// <summary>
    /// It is the last that the client waits for, and what it cost has not been told: it goes to the client as it is, once that has, or the
    /// stream has ended.
    /// </summary>
    PassAtTheEnd,
}
