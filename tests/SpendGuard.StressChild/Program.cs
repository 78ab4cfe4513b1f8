using SpendGuard.StressChild;

// A process of its own for tests that need several, or one to kill:
// The store is the path of a SQLite file, or the connection string of a PostgreSQL database.
//   hammer <store> <agent> <calls>   reserves and settles; prints "held <id>" and "settled <id>" after each commit, "done <count>" at the end
//   program <action>…   does what it is told as a program under a budget; GuardedProgram has the actions
//   call <store> <endpoint> <round> <calls> <agent>…   calls the model through the decorator; prints what came of each call
switch (args)
{
    case ["hammer", var store, var agent, var calls]:
        return await Hammer.RunAsync(store, agent, int.Parse(calls));

    case ["call", var store, var endpoint, var round, var calls, .. { Length: > 0 } agents]:
        return await CallLoop.RunAsync(store, new Uri(endpoint), int.Parse(round), int.Parse(calls), agents);

    case ["program", .. var actions]:
        return await GuardedProgram.RunAsync(new Queue<string>(actions));

    default:
        await Console.Error.WriteLineAsync("usage: hammer <store> <agent> <calls> | call <store> <endpoint> <round> <calls> <agent>... | program <action>...");
        return 2;
}
