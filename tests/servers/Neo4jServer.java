import java.nio.file.Path;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** Neo4j with the store in a folder and the settings of a neo4j.conf, until standard input ends. */
public class Neo4jServer {
    public static void main(String[] arguments) throws Exception {
        DatabaseManagementService server = new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
            .loadPropertiesFromFile(Path.of(arguments[1]))
            .build();
        // A test run that dies takes its server with it: its end of the pipe closes.
        while (System.in.read() >= 0) { }
        server.shutdown();
    }
}
