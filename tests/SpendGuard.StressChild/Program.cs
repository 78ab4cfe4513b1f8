using SpendGuard.StressChild;

// A process of its own for tests that need several, or one to kill:
//   hammer <file> <agent> <calls>   reserves and settles; prints "held <id>" and "settled <id>" after each commit, "done <count>" at the end
//   call <file> <endpoint> <round> <calls> <agent>…   calls the model through the decorator; prints what came of each call
switch (args)
{
    case ["hammer", var file, var agent, var calls]:
        return await Hammer.RunAsync(file, agent, int.Parse(calls));

    case ["call", var file, var endpoint, var round, var calls, .. { Length: > 0 } agents]:
        return await CallLoop.RunAsync(file, new Uri(endpoint), int.Parse(round), int.Parse(calls), agents);

    default:
        await Console.Error.WriteLineAsync("usage: hammer <file> <agent> <calls> | call <file> <endpoint> <round> <calls> <agent>...");
        return 2;
}
