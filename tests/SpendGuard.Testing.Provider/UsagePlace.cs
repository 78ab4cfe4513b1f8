namespace SpendGuard.Testing.Provider;

/// <summary>Where those who speak OpenAI's chat completions put the usage of a stream.</summary>
public enum UsagePlace
{
    /// <summary>In a chunk of its own, without choices, before the end.</summary>
    Alone,

    /// <summary>Beside the choice that finishes.</summary>
    WithTheFinish,

    /// <summary>Beside a choice that brings nothing.</summary>
    WithAnEmptyChoice,

    /// <summary>Within the choice that finishes; alone where there are several.</summary>
    WithinTheChoice,

    /// <summary>In an object of the vendor's own, beside the choice that finishes.</summary>
    InAnObjectOfItsOwn,

    /// <summary>In a chunk of its own, and after it comes one more without.</summary>
    BeforeAnEmptyChunk,

    /// <summary>In a chunk of its own, after the end.</summary>
    AfterTheEnd,
}
