using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Extensions.AI;

/// <summary>How calls that listen are guarded.</summary>
[Experimental("MEAI001")]
public sealed class SpeechToTextSettings : GuardSettings
{
    /// <summary>
    /// The longest audio that the calls are given. It is not checked, for the length of audio cannot be told from its size: what is longer
    /// is paid in full, and can overdraw the budget. While it is null, models that are billed by the second are refused.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero, negative or infinite: nothing would be held for such a call.</exception>
    public TimeSpan? MaxAudioDuration
    {
        get;
        set => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The longest audio lasts for some time. Leave it null where no length is known.");
    }
}
