using System.Collections.Concurrent;

namespace SpendGuard.Calls.Wire;

/// <summary>What was seen of all the requests in the flow of one call, attempts or not.</summary>
internal sealed class SeenRequests
{
    private readonly int[] _given = new int[Enum.GetValues<GivenRequests.Layer>().Length];
    private readonly int[] _givenAnswers = new int[Enum.GetValues<GivenRequests.Layer>().Length];
    private readonly ConcurrentDictionary<int, bool> _statuses = new();
    private int _sent;
    private int _answers;

    /// <summary>How many more were given to somebody who sends than .NET's handler was seen to send. Below one that was given, several may be sent.</summary>
    public int Unseen => Math.Max(0, _given.Max() - Volatile.Read(ref _sent));

    /// <summary>Whether more were answered than the handler was seen to have answers of.</summary>
    public bool AnsweredUnseen => _givenAnswers.Max() > Volatile.Read(ref _answers);

    /// <summary>Whether the handler was seen to have an answer with a status.</summary>
    public bool SawStatus(int status) => _statuses.ContainsKey(status);

    public void Give(GivenRequests.Layer to) => Interlocked.Increment(ref _given[(int)to]);

    public void GetAnswer(GivenRequests.Layer from) => Interlocked.Increment(ref _givenAnswers[(int)from]);

    public void Send() => Interlocked.Increment(ref _sent);

    public void EndSent(int? status)
    {
        if (status is { } answered)
        {
            _statuses[answered] = true;
            Interlocked.Increment(ref _answers);
        }
    }
}
